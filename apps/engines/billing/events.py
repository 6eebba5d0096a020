"""What billing tells the world."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@dataclass(frozen=True, kw_only=True)
class InvoiceEvent(Event):
    """The subject is the invoice; `source_*` is the document it bills."""

    source_type: str = ""
    source_id: UUID | None = None

    def topics(self) -> list[str]:
        return [f"invoice:{self.subject_id}", f"invoices:{self.organization_id}", f"dashboard:{self.organization_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class InvoiceDrafted(InvoiceEvent):
    name = "invoice.drafted"


@declare
@dataclass(frozen=True, kw_only=True)
class InvoiceFinalised(InvoiceEvent):
    name = "invoice.finalised"


@declare
@dataclass(frozen=True, kw_only=True)
class InvoiceSent(InvoiceEvent):
    name = "invoice.sent"
    send_count: int = 1


@declare
@dataclass(frozen=True, kw_only=True)
class InvoicePaid(InvoiceEvent):
    """Nothing is due any more."""

    name = "invoice.paid"


@declare
@dataclass(frozen=True, kw_only=True)
class InvoiceChanged(InvoiceEvent):
    """Draft edited, part paid, refunded, cancelled, overdue."""

    name = "invoice.changed"


texts.register("invoice.drafted", _("Invoice drafted"), icon="file-plus")
texts.register("invoice.updated", _("Draft changed"), icon="pencil")
texts.register("invoice.finalised", _("Invoice %(number)s finalised"), icon="file-check")
texts.register("invoice.sent", _("Invoice sent"), icon="send")
texts.register("invoice.payment_received", _("Payment received: %(amount)s"), icon="banknote")
texts.register("invoice.paid_back", _("Paid back: %(amount)s"), icon="undo-2")
texts.register("invoice.paid", _("Invoice paid"), icon="circle-check")
texts.register("invoice.overdue", _("Invoice is overdue"), icon="clock-alert")
texts.register("invoice.cancelled", _("Invoice cancelled: %(reason)s"), icon="circle-x")
