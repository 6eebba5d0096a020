"""What shipping tells an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.orders.errors import NothingToShip, ShippedTooMuch
from apps.engines.orders.events import OrderShipped
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.services.lock_order import check_lines, publish_order
from apps.engines.orders.states import ORDER
from apps.platform.audit import services as audit

OVER_COUNTER = frozenset({Order.Channel.COUNTER, Order.Channel.SMART_CART})


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """`cost` is the seller's cost per unit of what left."""

    line: OrderLine
    quantity: Decimal
    cost: Decimal


def shipping_step(order: Order) -> str:
    return "hand_over" if order.channel in OVER_COUNTER else "ship"


def check_shippable(
    order: Order, lines: Sequence[OrderLine], wanted: Mapping[UUID, Decimal] | None
) -> list[tuple[OrderLine, Decimal]]:
    """What leaves of a locked order; all that is left without `wanted` ({line_id: quantity}).

    Raises IllegalMove, UnknownLine, ShippedTooMuch (with what is left per line), NothingToShip.
    """
    ORDER.check(order, shipping_step(order))
    if wanted is None:
        chosen = [(line, line.quantity - line.shipped) for line in lines]
    else:
        check_lines(list(lines), wanted)
        chosen = [(line, wanted[line.pk]) for line in lines if line.pk in wanted]
    too_much = [
        {"line_id": str(line.pk), "requested": str(quantity), "left": str(line.quantity - line.shipped)}
        for line, quantity in chosen
        if quantity < 0 or quantity > line.quantity - line.shipped
    ]
    if too_much:
        raise ShippedTooMuch(too_much)
    chosen = [(line, quantity) for line, quantity in chosen if quantity]
    if not chosen:
        raise NothingToShip
    return chosen


@transaction.atomic
def record_shipment(
    actor: Actor, order: Order, *, shipped: Sequence[ShippedLine], shipment_id: UUID, shipment_number: str
) -> Order:
    """Counts what left on the lines of a locked order; the order moves on when nothing is left to ship."""
    for part in shipped:
        part.line.cost = _blend(part)
        part.line.shipped += part.quantity
        part.line.save(update_fields=["shipped", "cost"])
    is_complete = not any(line.shipped < line.quantity for line in order.lines.all())
    if is_complete:
        ORDER.move(order, shipping_step(order))
    order.fulfilment_status = Order.FulfilmentStatus.SHIPPED if is_complete else Order.FulfilmentStatus.PARTIAL
    order.save_changes("state", "fulfilment_status")
    data = {"shipment": shipment_number, "is_complete": is_complete}
    audit.record(actor, "order.shipped", order, data=data, is_public=True)
    publish_order(
        actor,
        OrderShipped,
        order,
        shipment_id=shipment_id,
        shipment_number=shipment_number,
        is_complete=is_complete,
    )
    return order


def _blend(part: ShippedLine) -> Decimal:
    """The line's cost per unit over all its shipments."""
    before = part.line.cost * part.line.shipped
    return (before + part.cost * part.quantity) / (part.line.shipped + part.quantity)
