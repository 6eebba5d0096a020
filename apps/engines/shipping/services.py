"""Goods leave and arrive."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import BadInput
from apps.core.ids import uuid7
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.services import Consumption, Source, consume_many
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.services import ShippedLine, check_shippable, lock_order, record_shipment
from apps.engines.orders.states import SELLER
from apps.engines.shipping.models import Shipment, ShipmentLine
from apps.platform.audit import services as audit
from apps.platform.system.numbers import next_daily_number

Chosen = Sequence[tuple[OrderLine, Decimal]]


class ParcelDetails(TypedDict, total=False):
    parcels: int
    carrier: str
    tracking_code: str
    note: str


@transaction.atomic
def ship_order(
    actor: Actor,
    order: Order,
    *,
    lines: Mapping[UUID, Decimal] | None = None,
    version: int | None = None,
    **details: Unpack[ParcelDetails],
) -> Shipment:
    """Ships all that is left, or `lines` {line_id: quantity}; the reserved goods leave the seller's stock at their cost.

    Details: `parcels` (1), `carrier` (own delivery), `tracking_code`, `note`. The order is shipped when nothing is left
    and stays ready otherwise. Seller, `order.ship`. Raises IllegalMove, StaleWrite, UnknownLine, ShippedTooMuch,
    NothingToShip, ReservationMissing.
    """
    actor.require("order.ship")
    if details.get("parcels", 1) < 1:
        raise BadInput(field="parcels")
    if details.get("carrier", Shipment.Carrier.OWN) not in Shipment.Carrier:
        raise BadInput(field="carrier")
    order, rows = lock_order(actor, order, SELLER, version=version)
    chosen = check_shippable(order, rows, lines)
    shipment_id = uuid7()
    costs = _take_out(actor, order, chosen, shipment_id)
    shipment = _create(actor, order, chosen, shipment_id, details)
    record_shipment(
        actor,
        order,
        shipped=[ShippedLine(line, quantity, costs.get(line.pk, Decimal(0))) for line, quantity in chosen],
        shipment_id=shipment.pk,
        shipment_number=shipment.number,
    )
    audit.record(actor, "shipment.sent", shipment, data={"order": order.number, "parcels": shipment.parcels})
    return shipment


@transaction.atomic
def record_receipt(actor: Actor, *, order_id: UUID, received: Mapping[UUID, str]) -> None:
    """Counts what the buyer received on the shipments of the order, oldest first; whole shipments are delivered."""
    open_lines = (
        ShipmentLine.objects.select_for_update(of=("self",))
        .filter(shipment__order_id=order_id, order_line__in=received.keys())
        .order_by("pk")
    )
    left = {line_id: Decimal(quantity) for line_id, quantity in received.items()}
    for line in open_lines:
        share = min(left[line.order_line_id], line.quantity - line.received)
        if share:
            line.received += share
            left[line.order_line_id] -= share
            line.save(update_fields=["received"])
    for shipment in Shipment.objects.select_for_update().filter(order_id=order_id, state=Shipment.State.IN_TRANSIT):
        if all(line.received == line.quantity for line in shipment.lines.all()):
            shipment.state, shipment.delivered_at = Shipment.State.DELIVERED, now()
            shipment.save_changes("state", "delivered_at")
            audit.record(actor, "shipment.delivered", shipment)


def _take_out(actor: Actor, order: Order, chosen: Chosen, shipment_id: UUID) -> dict[UUID, Decimal]:
    """Writes the movements; the cost per unit by line."""
    promised = [
        Consumption(line.pk, quantity, dedupe_key=f"shipment:{shipment_id}:{line.pk}")
        for line, quantity in chosen
        if line.warehouse_id
    ]
    source = Source("orders.order", order.pk, order.number)
    made = consume_many(actor, promised, kind=StockMovement.Kind.SALE, source=source)
    return {
        line_id: sum((-row.quantity * row.unit_cost for row in rows), Decimal(0)) / -sum(row.quantity for row in rows)
        for line_id, rows in made.items()
    }


def _create(actor: Actor, order: Order, chosen: Chosen, shipment_id: UUID, details: ParcelDetails) -> Shipment:
    shipment = Shipment.objects.create(
        id=shipment_id,
        organization_id=order.seller_id,
        order=order,
        number=next_daily_number(order.seller_id, "SHP"),
        carrier=details.get("carrier", Shipment.Carrier.OWN),
        parcels=details.get("parcels", 1),
        tracking_code=details.get("tracking_code", ""),
        note=details.get("note", ""),
        state=Shipment.State.IN_TRANSIT,
        shipped_at=now(),
        shipped_by_id=actor.user_id,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=line, quantity=quantity) for line, quantity in chosen
    )
    return shipment
