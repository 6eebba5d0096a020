"""Looking again for what is missing: the card waits for it, or goes on when all is there."""

from django.db import transaction

from apps.core.actor import Actor
from apps.platform.events.services import publish
from apps.verticals.workshop.events import PartsArrived, PartsMissing
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card, move_card, technician_ids, tell_card_changed
from apps.verticals.workshop.services.clock import pause_all_clocks
from apps.verticals.workshop.services.reserve_parts import reserve_parts
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def request_parts(actor: Actor, card: JobCard, *, version: int | None = None) -> JobCard:
    """Reserves what has come in; what is still short makes the card wait, clocks on it stop. Raises IllegalMove."""
    actor.require("job_card.issue_parts")
    card = lock_card(actor, card, version)
    short = reserve_parts(actor, card)
    if not short:
        release_if_waiting(actor, card)
        return card
    if card.state != JobCard.State.WAITING_PARTS:
        JOB_CARD.check(card, "wait_for_parts")
        pause_all_clocks(actor, card)
        move_card(actor, card, "wait_for_parts", data={"parts": len(short)}, is_public=False)
        publish(
            actor,
            PartsMissing(
                subject_id=card.pk,
                organization_id=card.organization_id,
                branch_id=card.branch_id,
                technicians=technician_ids(card),
            ),
        )
    else:
        tell_card_changed(actor, card, "parts")
    return card


def release_if_waiting(actor: Actor, card: JobCard) -> None:
    """The locked card goes on when it waited and nothing is short any more; its people are told."""
    was_waiting = card.state == JobCard.State.WAITING_PARTS
    if was_waiting:
        move_card(actor, card, "release" if card.started_at else "release_unstarted")
    else:
        tell_card_changed(actor, card, "parts")
    publish(
        actor,
        PartsArrived(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            technicians=technician_ids(card),
            is_released=was_waiting,
        ),
    )
