"""Work begins on a card whose tasks nobody has clocked yet."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card, move_card
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def start_card(actor: Actor, card: JobCard, *, version: int | None = None) -> JobCard:
    """The vehicle is being worked on; clocks are started by the technicians. Raises IllegalMove, StaleWrite."""
    actor.require("job_card.work")
    card = lock_card(card, version)
    JOB_CARD.check(card, "start")
    card.started_at = card.started_at or now()
    move_card(actor, card, "start", "started_at")
    return card
