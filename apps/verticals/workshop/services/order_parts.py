"""The missing parts of a card become marketplace orders, one per distributor, at the best offer for each part."""

from collections import defaultdict
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.orders.models import Order
from apps.engines.orders.offers import Offer, best_offer
from apps.engines.orders.services import OrderLineInput, place_order
from apps.platform.audit.services import record
from apps.verticals.workshop.errors import NoOffer, NothingMissing
from apps.verticals.workshop.models import JobCard, PartRequirement
from apps.verticals.workshop.services.card_steps import lock_card, tell_card_changed
from apps.verticals.workshop.services.request_parts import request_parts
from apps.verticals.workshop.services.reserve_parts import source_of


@transaction.atomic
def order_missing_parts(actor: Actor, card: JobCard, *, version: int | None = None) -> list[Order]:
    """Orders everything that is short and not yet on order; the card waits. One click, all or nothing.

    Raises NothingMissing, NoOffer (naming the parts that nobody has), and what placing an order refuses with.
    """
    actor.require("job_card.order_parts")
    card = lock_card(actor, card, version)
    request_parts(actor, card)
    short = list(
        card.parts.select_for_update(of=("self",))
        .filter(state=PartRequirement.State.MISSING)
        .select_related("variant__product")
        .order_by("pk")
    )
    if not short:
        raise NothingMissing
    orders = [_place(actor, card, seller_id, chosen) for seller_id, chosen in _choose(actor, short).items()]
    card.refresh_from_db()
    tell_card_changed(actor, card, "parts")
    return orders


def _choose(actor: Actor, short: list[PartRequirement]) -> dict[UUID, list[tuple[PartRequirement, Offer]]]:
    """The best offer of every part, by seller. Raises NoOffer."""
    chosen: dict[UUID, list[tuple[PartRequirement, Offer]]] = defaultdict(list)
    unavailable = []
    for part in short:
        offer = best_offer(actor, variant=part.variant, quantity=part.required - part.reserved - part.issued)
        if offer is None:
            unavailable.append(part.variant.product.name)
        else:
            chosen[offer.seller_id].append((part, offer))
    if unavailable:
        raise NoOffer(details={"parts": unavailable})
    return chosen


def _place(actor: Actor, card: JobCard, seller_id: UUID, chosen: list[tuple[PartRequirement, Offer]]) -> Order:
    order = place_order(
        actor,
        channel=Order.Channel.MARKETPLACE,
        seller_id=seller_id,
        lines=[
            OrderLineInput(
                variant_id=offer.variant_id,
                quantity=part.required - part.reserved - part.issued,
                buyer_variant_id=part.variant_id,
                source_type="workshop.partrequirement",
                source_id=part.pk,
            )
            for part, offer in chosen
        ],
        buyer_branch_id=card.branch_id,
        delivery_address=card.branch.address,
        source=source_of(card),
    )
    for part, _offer in chosen:
        part.order_id, part.order_number, part.state = order.pk, order.number, PartRequirement.State.ORDERED
        part.save_changes("order_id", "order_number", "state")
    record(actor, "job_card.parts_ordered", card, data={"order": order.number, "seller": order.seller.name})
    return order
