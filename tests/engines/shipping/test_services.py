"""Goods leave whole or in parts."""

from decimal import Decimal

import pytest

from apps.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, StaleWrite
from apps.core.ids import uuid7
from apps.engines.inventory.errors import ReservationMissing
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import release_reservations
from apps.engines.orders.errors import NothingToShip, ShippedTooMuch, UnknownLine
from apps.engines.orders.models import OrderLine
from apps.engines.orders.services import OrderLineInput, mark_ready, place_order, receive_order, take_order
from apps.engines.shipping.models import Shipment
from apps.engines.shipping.selectors import list_shipments
from apps.engines.shipping.services import ship_order
from apps.platform.events.models import OutboxEvent
from tests.factories.actors import actor_for
from tests.factories.inventory import put_stock
from tests.factories.orders import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def depot_level(market) -> StockLevel:
    return StockLevel.objects.get(variant=market.pads, warehouse=market.depot)


def test_whole(market):
    order = market.ready()

    shipment = ship_order(market.seller, order, parcels=2, tracking_code="XE-51C", note="Giao trong ngày")

    order.refresh_from_db()
    assert (order.state, order.fulfilment_status) == ("shipped", "shipped")
    assert shipment.number.startswith("SHP-")
    assert (shipment.state, shipment.parcels, shipment.tracking_code) == ("in_transit", 2, "XE-51C")
    level = depot_level(market)
    assert (level.on_hand, level.reserved) == (7, 0)
    movement = StockMovement.objects.get(kind="sale")
    assert (movement.quantity, movement.unit_cost, movement.source_label) == (-3, 60_000, order.number)
    assert order.lines.get().cost == 60_000
    assert OutboxEvent.objects.get(name="order.shipped").payload["is_complete"] is True


def test_cost_of_a_line_blends_over_its_shipments(market):
    order = market.ready()
    line = order.lines.get()
    ship_order(market.seller, order, lines={line.pk: Decimal(1)})
    put_stock(market.pads, market.depot, 9, unit_cost=120_000)  # 9 at 60 000 and 9 at 120 000: 90 000

    ship_order(market.seller, order)

    line.refresh_from_db()
    assert (line.shipped, line.cost) == (3, 80_000)
    assert list_shipments(market.buyer, order).count() == 2
    assert verify_stock() == []


def test_parts_keep_the_order_open(market):
    order = market.ready((market.pads, 3), (market.oil, 2))
    pads, oil = order.lines.order_by("position")

    ship_order(market.seller, order, lines={pads.pk: Decimal(3), oil.pk: Decimal(0)})

    order.refresh_from_db()
    assert (order.state, order.fulfilment_status) == ("ready", "partial")
    assert [line.quantity for line in Shipment.objects.get().lines.all()] == [3]
    ship_order(market.seller, order)
    order.refresh_from_db()
    assert (order.state, order.fulfilment_status) == ("shipped", "shipped")


def test_shipments_are_delivered_oldest_first(market):
    order = market.ready()
    line = order.lines.get()
    first = ship_order(market.seller, order, lines={line.pk: Decimal(1)})
    second = ship_order(market.seller, order, lines={line.pk: Decimal(2)})

    receive_order(market.buyer, order, lines={line.pk: Decimal(2)})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("delivered", "in_transit")
    assert [part.received for part in second.lines.all()] == [1]


def test_refusals_move_nothing(market):
    order = market.ready()
    line = order.lines.get()
    for options, error in (
        ({"lines": {line.pk: Decimal(4)}}, ShippedTooMuch),
        ({"lines": {line.pk: Decimal(-1)}}, ShippedTooMuch),
        ({"lines": {line.pk: Decimal(0)}}, NothingToShip),
        ({"lines": {uuid7(): Decimal(1)}}, UnknownLine),
        ({"version": 1}, StaleWrite),
        ({"parcels": 0}, BadInput),
        ({"carrier": "pigeon"}, BadInput),
    ):
        with pytest.raises(error):
            ship_order(market.seller, order, **options)
    with pytest.raises(NotAllowed):
        ship_order(market.buyer, order)
    with pytest.raises(NotAllowed):
        ship_order(actor_for("accountant", market.distributor), order)
    with pytest.raises(NotFound):
        ship_order(actor_for("owner"), order)

    assert not Shipment.objects.exists()
    assert (depot_level(market).on_hand, OrderLine.objects.get().shipped) == (10, 0)


def test_not_before_it_is_ready(market):
    order = market.place()

    with pytest.raises(IllegalMove) as refusal:
        ship_order(market.seller, order)

    assert refusal.value.details["allowed"] == ["confirm", "cancel"]


def test_not_what_is_no_longer_reserved(market):
    order = market.ready()
    release_reservations(market.seller, line_id=order.lines.get().pk)

    with pytest.raises(ReservationMissing):
        ship_order(market.seller, order)

    assert depot_level(market).on_hand == 10


def test_over_the_counter(market):
    order = place_order(
        market.seller,
        channel="counter",
        seller_id=market.distributor.pk,
        lines=[OrderLineInput(market.pads.pk, Decimal(2))],
    )
    with pytest.raises(IllegalMove) as refusal:
        mark_ready(market.seller, order)
    assert refusal.value.details["allowed"] == ["take", "cancel"]
    mark_ready(market.seller, take_order(market.seller, order))

    ship_order(market.seller, order, carrier="pick_up")

    order.refresh_from_db()
    assert (order.state, order.buyer_organization) == ("delivered", None)
    assert depot_level(market).on_hand == 8


def test_a_shipment_exists_for_both_sides_only(market):
    shipment = ship_order(market.seller, market.ready())

    assert list(list_shipments(market.seller)) == list(list_shipments(market.buyer)) == [shipment]
    assert not list_shipments(actor_for("owner")).exists()
