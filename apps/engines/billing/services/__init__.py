"""Every change of invoices. A finalised invoice never changes; being paid follows from payments."""

from apps.engines.billing.services.documents import store_invoice_pdf
from apps.engines.billing.services.drafts import draft_invoice, update_draft
from apps.engines.billing.services.inputs import InvoiceLineInput
from apps.engines.billing.services.lifecycle import (
    cancel_invoice,
    finalise_invoice,
    mark_overdue_invoices,
    send_invoice,
)

__all__ = [
    "InvoiceLineInput",
    "cancel_invoice",
    "draft_invoice",
    "finalise_invoice",
    "mark_overdue_invoices",
    "send_invoice",
    "store_invoice_pdf",
    "update_draft",
]
