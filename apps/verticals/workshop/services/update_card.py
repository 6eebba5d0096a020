"""Changing a card's plain fields."""

from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.platform.audit.services import record
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card, tell_card_changed

EDITABLE = ("concern", "promised_at", "bay")


@transaction.atomic
def update_card(actor: Actor, card: JobCard, *, version: int | None = None, **changes: Any) -> JobCard:
    """Concern, promised time, bay. Raises StaleWrite when somebody else has saved meanwhile."""
    actor.require("job_card.open")
    card = lock_card(actor, card, version)
    fields = [field for field in EDITABLE if field in changes]
    old = {field: str(getattr(card, field) or "") for field in fields}
    for field in fields:
        setattr(card, field, changes[field])
    card.save_changes(*fields)
    record(actor, "job_card.updated", card, old=old, new={field: str(changes[field] or "") for field in fields})
    tell_card_changed(actor, card, "details")
    return card
