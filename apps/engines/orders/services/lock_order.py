"""Locking an order with its lines, and telling of its change."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from apps.core.actor import Actor
from apps.core.db import lock_row
from apps.engines.inventory.services import Source
from apps.engines.orders.errors import UnknownLine
from apps.engines.orders.events import OrderEvent
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.permissions import check_side
from apps.platform.events.services import publish

E = TypeVar("E", bound=OrderEvent)


def lock_order(actor: Actor, order: Order, *sides: str, version: int | None = None) -> tuple[Order, list[OrderLine]]:
    """The order and its lines, locked and read anew. Raises NotFound, NotAllowed (wrong side), StaleWrite."""
    check_side(actor, order, *sides)
    order = lock_row(order)
    order.check_version(version)
    lines = order.lines.select_related("variant__product").select_for_update(of=("self",)).order_by("pk")
    return order, sorted(lines, key=lambda line: line.position)


def publish_order(actor: Actor, event_class: type[E], order: Order, **values: Any) -> None:
    """Tells both sides, with the order as it stands."""
    publish(
        actor,
        event_class(
            subject_id=order.pk,
            organization_id=order.seller_id,
            branch_id=order.seller_branch_id,
            number=order.number,
            channel=order.channel,
            state=order.state,
            seller_id=order.seller_id,
            buyer_organization_id=order.buyer_organization_id,
            buyer_branch_id=order.buyer_branch_id,
            source_type=order.source_type,
            source_id=order.source_id,
            **values,
        ),
    )


def source_of(order: Order) -> Source:
    return Source("orders.order", order.pk, order.number)


def check_lines(lines: list[OrderLine], given: Mapping[UUID, Decimal]) -> None:
    """Raises UnknownLine for a line id that the order does not have."""
    unknown = given.keys() - {line.pk for line in lines}
    if unknown:
        raise UnknownLine(details={"lines": sorted(map(str, unknown))})
