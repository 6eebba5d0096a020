"""Invoices in the staff CMS."""

from django.contrib import admin

from apps.core.admin.document import TrackedDocumentAdmin
from apps.core.admin.groups import MONEY
from apps.core.admin.lines import ReadOnlyInline
from apps.core.portal.actions import ActionHandler
from apps.core.portal.fields import ReasonForm
from apps.engines.billing import services
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.states import INVOICE


class LineInline(ReadOnlyInline):
    model = InvoiceLine
    fields = (
        "position",
        "kind",
        "description",
        "quantity",
        "unit_price",
        "discount",
        "net",
        "tax_rate",
        "tax",
        "gross",
    )


@admin.register(Invoice)
class InvoiceAdmin(TrackedDocumentAdmin):
    nav_group, nav_order, nav_icon = MONEY, 700, "receipt_long"
    table = INVOICE
    steps = {
        "finalise": ActionHandler(services.finalise_invoice),
        "send": ActionHandler(services.send_invoice),
        "cancel": ActionHandler(services.cancel_invoice, form=ReasonForm),
    }
    list_display = ("number", "billed_name", "total", "paid_amount", "state", "issued_on", "due_on", "organization")
    list_select_related = ("organization",)
    list_filter = ("state", "payment_status")
    search_fields = ("number", "billed_name", "billed_phone", "source_label")
    inlines = (LineInline,)
