"""Cancelling a visit before work is done."""

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.inventory.services import release_reservations
from apps.engines.scheduling.services import release_reservation
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.services import set_vehicle_status
from apps.verticals.workshop.errors import PartsIssued, ReasonMissing
from apps.verticals.workshop.models import Estimate, JobCard, PartRequirement
from apps.verticals.workshop.services.card_steps import lock_card, move_card
from apps.verticals.workshop.services.reserve_parts import source_of
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def cancel_card(actor: Actor, card: JobCard, *, reason: str, version: int | None = None) -> JobCard:
    """Gives bay and reserved parts free; open estimates are closed. Raises ReasonMissing, PartsIssued, IllegalMove."""
    actor.require("job_card.cancel")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    card = lock_card(actor, card, version)
    JOB_CARD.check(card, "cancel")
    if card.parts.filter(issued__gt=0).exists():
        raise PartsIssued
    release_reservations(actor, source=source_of(card))
    for part in card.parts.select_for_update():
        part.reserved, part.state = 0, PartRequirement.State.CANCELLED
        part.save_changes("reserved", "state")
    for estimate in card.estimates.select_for_update().filter(state__in=[Estimate.State.DRAFT, Estimate.State.SENT]):
        estimate.state = Estimate.State.SUPERSEDED
        estimate.save_changes("state")
    if card.appointment is not None:
        release_reservation(actor, card.appointment.reservation)
    card.cancel_reason = reason.strip()[:200]
    move_card(actor, card, "cancel", "cancel_reason", data={"reason": card.cancel_reason})
    set_vehicle_status(actor, card.vehicle, Vehicle.Status.ACTIVE)
    return card
