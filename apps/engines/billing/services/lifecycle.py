"""From draft to sent: finalising, sending, cancelling, falling due."""

from datetime import timedelta

from django.db import transaction

from apps.core.actor import Actor, system_actor
from apps.core.clock import local_date, now
from apps.core.db import lock_row
from apps.core.errors import BadInput
from apps.engines.billing.errors import NoAddressToSend
from apps.engines.billing.events import InvoiceChanged, InvoiceFinalised, InvoiceSent
from apps.engines.billing.models import Invoice
from apps.engines.billing.settlement import identity, show_payments
from apps.engines.billing.states import INVOICE
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.system.numbers import next_yearly_number
from apps.platform.system.settings import get_setting


@transaction.atomic
def finalise_invoice(actor: Actor, invoice: Invoice, *, version: int | None = None) -> Invoice:
    """Gives the gapless number and fixes everything. Raises IllegalMove, StaleWrite."""
    actor.require("invoice.finalise")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    INVOICE.move(invoice, "finalise")
    invoice.number = next_yearly_number(invoice.organization_id, "INV")
    invoice.issued_on = local_date(invoice.organization.timezone)
    due_days = get_setting("billing.due_days", invoice.organization_id)
    invoice.due_on = invoice.due_on or invoice.issued_on + timedelta(days=due_days)
    invoice.finalised_at = now()
    invoice.save_changes("state", "number", "issued_on", "due_on", "finalised_at")
    record(actor, "invoice.finalised", invoice, data={"number": invoice.number}, is_public=True)
    publish(actor, InvoiceFinalised(**identity(invoice)))
    if invoice.total == 0:
        show_payments(actor, invoice)
    return invoice


@transaction.atomic
def send_invoice(actor: Actor, invoice: Invoice, *, version: int | None = None) -> Invoice:
    """Sends the PDF by email and the link by SMS, as far as there are addresses. Raises NoAddressToSend, IllegalMove."""
    actor.require("invoice.send")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    if invoice.state != Invoice.State.PAID:
        INVOICE.move(invoice, "send")
    if not invoice.billed_email and not invoice.billed_phone:
        raise NoAddressToSend
    invoice.sent_at = now()
    invoice.save_changes("state", "sent_at")
    record(actor, "invoice.sent", invoice, is_public=True)
    publish(actor, InvoiceSent(send_count=invoice.version, **identity(invoice)))
    return invoice


@transaction.atomic
def cancel_invoice(actor: Actor, invoice: Invoice, *, reason: str, version: int | None = None) -> Invoice:
    """Drops a draft. A finalised invoice stays: it is corrected by a credit note. Raises IllegalMove, StaleWrite."""
    actor.require("invoice.cancel")
    if not reason.strip():
        raise BadInput(field="reason")
    invoice = lock_row(invoice)
    invoice.check_version(version)
    INVOICE.move(invoice, "cancel")
    invoice.save_changes("state")
    record(actor, "invoice.cancelled", invoice, data={"reason": reason.strip()})
    publish(actor, InvoiceChanged(**identity(invoice)))
    return invoice


def mark_overdue_invoices() -> int:
    """Every unpaid invoice whose due day has passed where it was written becomes overdue; says how many."""
    waiting = Invoice.objects.filter(state__in=[Invoice.State.FINAL, Invoice.State.SENT], due_on__lt=local_date())
    marked = 0
    for invoice in waiting.order_by("pk")[:500]:
        marked += _mark_overdue(invoice)
    return marked


@transaction.atomic
def _mark_overdue(invoice: Invoice) -> int:
    invoice = lock_row(invoice)
    is_due = invoice.due_on is not None and invoice.due_on < local_date(invoice.organization.timezone)
    if not is_due or "fall_due" not in INVOICE.allowed(invoice):
        return 0
    INVOICE.move(invoice, "fall_due")
    invoice.save_changes("state")
    actor = system_actor(invoice.organization_id)
    record(actor, "invoice.overdue", invoice)
    publish(actor, InvoiceChanged(**identity(invoice)))
    return 1
