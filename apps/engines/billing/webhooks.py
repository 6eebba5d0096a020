"""What other systems may be told of invoices."""

from django.utils.translation import gettext_lazy as _

from apps.engines.billing.events import InvoiceChanged, InvoiceDrafted, InvoiceFinalised, InvoicePaid, InvoiceSent
from apps.platform.webhooks.registry import offer

_FIELDS = [
    ("invoiceId", "subject_id", "the invoice"),
    ("branchId", "branch_id", "the branch"),
    ("sourceType", "source_type", "what is billed (`job_card`, `order`)"),
    ("sourceId", "source_id", "the billed document"),
]

offer(InvoiceDrafted, label=_("Invoice drafted"), permission="invoice.view", fields=_FIELDS)
offer(InvoiceFinalised, label=_("Invoice finalised"), permission="invoice.view", fields=_FIELDS)
offer(InvoiceSent, label=_("Invoice sent"), permission="invoice.view", fields=_FIELDS)
offer(InvoicePaid, label=_("Invoice paid"), permission="invoice.view", fields=_FIELDS)
offer(InvoiceChanged, label=_("Invoice changed"), permission="invoice.view", fields=_FIELDS)
