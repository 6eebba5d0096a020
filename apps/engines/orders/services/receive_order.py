"""The buyer takes the goods into the own stock."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.catalog.models import Variant
from apps.engines.catalog.services import copy_product_to, find_matching_variant
from apps.engines.inventory.errors import NoWarehouse
from apps.engines.inventory.models import StockMovement, Warehouse
from apps.engines.inventory.selectors import receiving_warehouse
from apps.engines.inventory.services import Move, move_many
from apps.engines.orders.errors import NothingToReceive, ReceivedTooMuch
from apps.engines.orders.events import OrderReceived
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.registry import lock_sources
from apps.engines.orders.services.lock_order import check_lines, lock_order, publish_order, source_of
from apps.engines.orders.states import BUYER, ORDER
from apps.platform.audit import services as audit

Received = list[tuple[OrderLine, Decimal]]


@transaction.atomic
def receive_order(
    actor: Actor, order: Order, *, lines: Mapping[UUID, Decimal] | None = None, version: int | None = None
) -> Order:
    """Takes in what was shipped, all of it or `lines` {line_id: quantity}, at the net unit price as cost.

    The goods go into the buying branch's warehouse, as the buyer's own article (found, or copied once).
    Buyer, `order.receive`. Raises IllegalMove, UnknownLine, ReceivedTooMuch, NothingToReceive, NoWarehouse, StaleWrite.
    """
    actor.require("order.receive")
    order, rows = lock_order(actor, order, BUYER, version=version)
    ORDER.check(order, "receive")
    chosen = _check_quantities(rows, lines)
    warehouse = receiving_warehouse(actor.require_organization(), order.buyer_branch_id)
    if warehouse is None:
        raise NoWarehouse
    lock_sources(rows)
    _take_in(actor, order, chosen, warehouse)
    is_complete = all(line.received == line.quantity for line in rows)
    if is_complete:
        ORDER.move(order, "receive")
        order.fulfilment_status = Order.FulfilmentStatus.RECEIVED
    order.save_changes("state", "fulfilment_status")
    told = [_row(line, quantity, warehouse) for line, quantity in chosen]
    audit.record(
        actor,
        "order.received",
        order,
        data={"lines": len(told), "warehouse": warehouse.name, "is_complete": is_complete},
        is_public=True,
    )
    publish_order(actor, OrderReceived, order, lines=told, is_complete=is_complete)
    return order


def _check_quantities(rows: Sequence[OrderLine], wanted: Mapping[UUID, Decimal] | None) -> Received:
    if wanted is None:
        chosen = [(line, line.shipped - line.received) for line in rows]
    else:
        check_lines(list(rows), wanted)
        chosen = [(line, wanted[line.pk]) for line in rows if line.pk in wanted]
    too_much = [
        {"line_id": str(line.pk), "requested": str(quantity), "on_the_way": str(line.shipped - line.received)}
        for line, quantity in chosen
        if quantity < 0 or quantity > line.shipped - line.received
    ]
    if too_much:
        raise ReceivedTooMuch(too_much)
    chosen = [(line, quantity) for line, quantity in chosen if quantity]
    if not chosen:
        raise NothingToReceive
    return chosen


def _take_in(actor: Actor, order: Order, chosen: Received, warehouse: Warehouse) -> None:
    for line, quantity in chosen:
        if line.buyer_variant_id is None:
            line.buyer_variant = _own_variant(warehouse.organization_id, line.variant)
        line.received += quantity
        line.save(update_fields=["received", "buyer_variant"])
    moves = [
        Move(_bought(line), warehouse.pk, quantity, unit_cost=round(line.net / line.quantity, 4))
        for line, quantity in chosen
        if line.variant.is_stocked
    ]
    if moves:
        move_many(actor, moves, kind=StockMovement.Kind.PURCHASE, source=source_of(order))


def _own_variant(organization_id: UUID, variant: Variant) -> Variant:
    return find_matching_variant(organization_id, variant) or copy_product_to(organization_id, variant)


def _bought(line: OrderLine) -> UUID:
    return line.buyer_variant_id or line.variant_id


def _row(line: OrderLine, quantity: Decimal, warehouse: Warehouse) -> dict[str, str | None]:
    return {
        "line_id": str(line.pk),
        "variant_id": str(line.buyer_variant_id),
        "warehouse_id": str(warehouse.pk),
        "quantity": str(quantity),
        "source_type": line.source_type,
        "source_id": str(line.source_id) if line.source_id else None,
    }
