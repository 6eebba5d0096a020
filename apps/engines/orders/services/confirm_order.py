"""The seller says yes, wholly or to less."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.engines.inventory.services import release_many
from apps.engines.orders.errors import NothingLeft, RaisedQuantity
from apps.engines.orders.events import OrderConfirmed
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.registry import lock_sources
from apps.engines.orders.services.lock_order import check_lines, lock_order, publish_order
from apps.engines.orders.services.totals import LINE_AMOUNTS, TOTALS, set_quantity, set_totals
from apps.engines.orders.states import ORDER, SELLER
from apps.platform.audit import services as audit


@transaction.atomic
def confirm_order(
    actor: Actor,
    order: Order,
    *,
    quantities: Mapping[UUID, Decimal] | None = None,
    version: int | None = None,
) -> Order:
    """Confirms; `quantities` {line_id: quantity} cuts lines, zero takes one out. The difference is free again.

    Seller, `order.confirm`. Raises IllegalMove, StaleWrite, UnknownLine, RaisedQuantity, NothingLeft.
    """
    actor.require("order.confirm")
    order, lines = lock_order(actor, order, SELLER, version=version)
    ORDER.move(order, "confirm")
    lock_sources(lines)
    reduced = _reduce(order, lines, quantities or {})
    release_many(actor, {UUID(row["line_id"]): Decimal(row["from"]) - Decimal(row["to"]) for row in reduced})
    order.confirmed_at = now()
    order.save_changes("state", "confirmed_at", *TOTALS)
    audit.record(actor, "order.confirmed", order, data={"reduced": reduced, "total": str(order.total)}, is_public=True)
    publish_order(actor, OrderConfirmed, order, reduced=reduced)
    return order


def _reduce(order: Order, lines: list[OrderLine], quantities: Mapping[UUID, Decimal]) -> list[dict[str, Any]]:
    check_lines(lines, quantities)
    reduced = []
    for line in lines:
        quantity = quantities.get(line.pk, line.quantity)
        if quantity < 0 or quantity > line.quantity:
            raise RaisedQuantity(details={"line_id": str(line.pk), "ordered": str(line.quantity)})
        if quantity != line.quantity:
            reduced.append(_row(line, quantity))
    gone = {row["line_id"] for row in reduced if not Decimal(row["to"])}
    kept = [line for line in lines if str(line.pk) not in gone]
    if not kept:
        raise NothingLeft
    for line in kept:
        if (quantity := quantities.get(line.pk, line.quantity)) != line.quantity:
            set_quantity(line, quantity, order.currency)
            line.save(update_fields=["quantity", *LINE_AMOUNTS])
    order.lines.filter(pk__in=gone).delete()
    set_totals(order, kept)
    return reduced


def _row(line: OrderLine, quantity: Decimal) -> dict[str, Any]:
    return {
        "line_id": str(line.pk),
        "sku": line.sku,
        "name": line.name,
        "from": str(line.quantity),
        "to": str(quantity),
        "source_type": line.source_type,
        "source_id": str(line.source_id) if line.source_id else None,
    }
