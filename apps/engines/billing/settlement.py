"""What an invoice shows of its payments: worked out from the money ledger, never typed in."""

from typing import Any

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.money import ZERO
from apps.engines.billing.events import InvoiceChanged, InvoicePaid
from apps.engines.billing.models import Invoice
from apps.engines.billing.states import INVOICE
from apps.engines.payments.selectors import money_received
from apps.platform.audit.services import record
from apps.platform.events.services import publish

Status = Invoice.PaymentStatus


def show_payments(actor: Actor, invoice: Invoice) -> None:
    """Brings the locked, finalised invoice in line with the ledger and tells the world."""
    was_paid = invoice.state == Invoice.State.PAID
    invoice.paid_amount = money_received("invoice", invoice.pk)
    invoice.payment_status = _status(invoice)
    if invoice.payment_status == Status.PAID and not was_paid:
        INVOICE.move(invoice, "pay")
        invoice.paid_at = now()
    elif invoice.payment_status == Status.REFUNDED:
        INVOICE.move(invoice, "refund")
    elif invoice.payment_status != Status.PAID and was_paid:
        INVOICE.move(invoice, "reopen")
    invoice.save_changes("paid_amount", "payment_status", "state", "paid_at")
    if invoice.state == Invoice.State.PAID and not was_paid:
        record(actor, "invoice.paid", invoice, is_public=True)
        publish(actor, InvoicePaid(**identity(invoice)))
    else:
        publish(actor, InvoiceChanged(**identity(invoice)))


def _status(invoice: Invoice) -> str:
    if invoice.paid_amount >= invoice.total:
        return Status.PAID
    if invoice.paid_amount > ZERO:
        return Status.PARTIAL
    # What was never paid in full is simply owed again when a part is given back; `paid_at` stays when it was.
    return Status.REFUNDED if invoice.paid_at else Status.PENDING


def identity(invoice: Invoice) -> dict[str, Any]:
    """The fields that every event of the invoice carries."""
    return {
        "subject_id": invoice.pk,
        "organization_id": invoice.organization_id,
        "branch_id": invoice.branch_id,
        "source_type": invoice.source_type,
        "source_id": invoice.source_id,
    }
