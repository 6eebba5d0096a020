"""What the workshop does in the same transaction when engines below tell of something."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from apps.core.actor import Actor, system_actor
from apps.engines.orders.events import OrderCancelled, OrderConfirmed, OrderReceived
from apps.platform.events.registry import listens
from apps.verticals.workshop.models import JobCard, PartRequirement
from apps.verticals.workshop.services.card_steps import lock_card, tell_card_changed
from apps.verticals.workshop.services.request_parts import release_if_waiting
from apps.verticals.workshop.services.reserve_parts import reserve_parts, state_of

PART = "workshop.partrequirement"


@listens(OrderReceived)
def serve_waiting_cards(event: OrderReceived, actor: Actor) -> None:
    """Goods ordered for a card are promised to it at once; when nothing is short any more, the card goes on."""
    for waiting in _cards_of(event.subject_id):
        workshop = system_actor(waiting.organization_id, name=actor.name, branch_id=waiting.branch_id)
        card = lock_card(workshop, waiting)
        short = reserve_parts(workshop, card)
        if event.is_complete:
            _forget_order([part for part in short if part.order_id == event.subject_id])
        if not short:
            release_if_waiting(workshop, card)
        else:
            tell_card_changed(workshop, card, "parts")


@listens(OrderCancelled)
def mark_parts_missing_again(event: OrderCancelled, actor: Actor) -> None:
    """A cancelled order brings nothing: its parts are missing again, and the card can order elsewhere."""
    by_card: dict[UUID, list[PartRequirement]] = defaultdict(list)
    for part in PartRequirement.objects.select_for_update(of=("self",)).filter(order_id=event.subject_id):
        by_card[part.job_card_id].append(part)
    for card in JobCard.objects.filter(pk__in=by_card):
        _forget_order(by_card[card.pk])
        tell_card_changed(system_actor(card.organization_id, name=actor.name), card, "parts")


@listens(OrderConfirmed)
def mark_cut_parts_missing(event: OrderConfirmed, actor: Actor) -> None:
    """A line that the distributor cut to nothing is missing again."""
    gone = [row["source_id"] for row in event.reduced if not Decimal(row["to"]) and row["source_type"] == PART]
    parts = list(
        PartRequirement.objects.select_for_update(of=("self",))
        .filter(pk__in=gone, order_id=event.subject_id)
        .order_by("pk")
    )
    _forget_order(parts)
    for card in JobCard.objects.filter(parts__in=parts).distinct().order_by("pk"):
        tell_card_changed(system_actor(card.organization_id, name=actor.name), card, "parts")


def _forget_order(parts: list[PartRequirement]) -> None:
    """The locked parts are on order no more; those still short can be ordered elsewhere."""
    for part in parts:
        part.order_id, part.order_number = None, ""
        if part.state != PartRequirement.State.CANCELLED:
            part.state = state_of(part)
        part.save_changes("order_id", "order_number", "state")


def _cards_of(order_id: UUID) -> list[JobCard]:
    """The cards that have parts on the order, in id order."""
    return list(JobCard.objects.filter(parts__order_id=order_id).distinct().order_by("pk"))
