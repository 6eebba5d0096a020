"""Promising stock to the parts of a card, as much as there is."""

from apps.core.actor import Actor
from apps.engines.inventory.services import ReserveLine, Source, reserve_stock
from apps.verticals.workshop.models import JobCard, PartRequirement

State = PartRequirement.State


def source_of(card: JobCard) -> Source:
    """How stock and order documents name the card they serve."""
    return Source("workshop.jobcard", card.pk, card.number)


def reserve_parts(actor: Actor, card: JobCard) -> list[PartRequirement]:
    """Reserves what is still open of every part, where there is stock; returns the parts that stay short."""
    parts = list(card.parts.select_for_update().exclude(state=State.CANCELLED).order_by("pk"))
    open_parts = {part.pk: part for part in parts if part.required > part.reserved + part.issued}
    lines = [
        ReserveLine(
            variant_id=part.variant_id,
            warehouse_id=card.warehouse_id,
            quantity=part.required - part.reserved - part.issued,
            line_id=part.pk,
        )
        for part in open_parts.values()
    ]
    if not lines:
        return []
    for result in reserve_stock(actor, lines, source=source_of(card), partial=True):
        part = open_parts[result.line_id]
        part.reserved += result.reserved
        part.state = state_of(part)
        part.save_changes("reserved", "state")
    return [part for part in open_parts.values() if part.required > part.reserved + part.issued]


def state_of(part: PartRequirement) -> str:
    """The word for where the part stands."""
    if part.issued >= part.required:
        return State.ISSUED
    if part.reserved + part.issued >= part.required:
        return State.RESERVED
    return State.ORDERED if part.order_id else State.MISSING
