"""Hand-over: the vehicle leaves, feedback is asked for."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.text import clean_text
from apps.engines.billing.models import Invoice
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.services import set_vehicle_status
from apps.platform.events.services import publish
from apps.platform.events.visits import ServiceFinished
from apps.verticals.workshop.errors import InvoiceUnpaid, SignatureMissing
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card, move_card
from apps.verticals.workshop.services.signatures import keep_signature
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def deliver_card(
    actor: Actor, card: JobCard, *, name: str, signature_png: bytes | None = None, version: int | None = None
) -> JobCard:
    """Hands the vehicle over to `name`. Paid first, unless the customer's credit covers what is open.

    Raises InvoiceUnpaid, SignatureMissing, IllegalMove, StaleWrite.
    """
    actor.require("job_card.deliver")
    card = lock_card(actor, card, version)
    JOB_CARD.check(card, "deliver")
    if not clean_text(name):
        raise SignatureMissing(field="name")
    _check_paid(card)
    card.delivered_at = now()
    card.handover_name = clean_text(name)[:120]
    card.handover_signature = keep_signature(actor, signature_png)
    move_card(actor, card, "deliver", "delivered_at", "handover_name", "handover_signature")
    set_vehicle_status(actor, card.vehicle, Vehicle.Status.COMPLETED)
    publish(
        actor,
        ServiceFinished(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            source_type="workshop.jobcard",
            customer_id=card.customer_id,
            label=card.number,
        ),
    )
    return card


def _check_paid(card: JobCard) -> None:
    invoice = (
        Invoice.objects.filter(source_type="workshop.jobcard", source_id=card.pk)
        .exclude(state=Invoice.State.CANCELLED)
        .first()
    )
    if invoice is None or invoice.state == Invoice.State.DRAFT:
        raise InvoiceUnpaid
    if invoice.balance > card.customer.credit_limit:
        raise InvoiceUnpaid(details={"balance": str(invoice.balance), "invoice": invoice.number})
