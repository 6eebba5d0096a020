"""Work begins without a clock (a sublet, a helper without a phone)."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card, move_card


@transaction.atomic
def start_card(actor: Actor, card: JobCard, *, version: int | None = None) -> JobCard:
    """Moves an approved or assigned card into work. Raises IllegalMove, StaleWrite."""
    actor.require("job_card.work")
    card = lock_card(actor, card, version)
    card.started_at = card.started_at or now()
    move_card(actor, card, "start", "started_at")
    return card
