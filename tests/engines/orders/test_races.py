"""Many at once: nothing is sold twice, nothing is confirmed, shipped or received twice, nobody waits in a circle."""

import threading
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from importlib import import_module
from itertools import cycle

import pytest
from django.db import DatabaseError, connection, connections

from apps.core.actor import system_actor
from apps.core.errors import BusinessError, IllegalMove
from apps.core.ids import uuid7
from apps.engines.inventory.errors import NotEnoughStock
from apps.engines.inventory.models import StockLevel, StockReservation
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import ReserveLine, Source, move_stock, reserve_stock
from apps.engines.orders.errors import AlreadyShipped, NothingToReceive
from apps.engines.orders.models import Order
from apps.engines.orders.services import (
    OrderLineInput,
    cancel_order,
    confirm_order,
    place_order,
    receive_order,
)
from apps.engines.shipping.services import ship_order
from tests.factories.orders import Market

pytestmark = pytest.mark.django_db(transaction=True)


def race(calls: list[Callable[[], object]], *, at_once: int = 12) -> list[object]:
    """Runs all calls with up to `at_once` connections, started together; the answer or error of each."""
    gate, results = threading.Barrier(min(at_once, len(calls))), [None] * len(calls)
    places = threading.Semaphore(at_once)

    def run(number: int) -> None:
        try:
            if number < gate.parties:
                gate.wait()
            results[number] = calls[number]()
        except (BusinessError, DatabaseError) as error:
            results[number] = error
        finally:
            connections.close_all()
            places.release()

    threads = []
    for number in range(len(calls)):
        places.acquire()
        threads.append(threading.Thread(target=run, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def succeeded(results: list[object]) -> int:
    return sum(not isinstance(result, Exception) for result in results)


@pytest.fixture
def market() -> Market:
    return Market()


def buyers(market: Market, count: int) -> list[Callable[[], object]]:
    """Buyers of one piece each, in turn: marketplace, counter, store, a job card's reservation, a plain issue."""

    def order(actor, channel):
        return lambda: place_order(
            actor,
            channel=channel,
            seller_id=market.distributor.pk,
            lines=[OrderLineInput(market.pads.pk, Decimal(1))],
        )

    system = system_actor(market.distributor.pk)

    def reserve():
        line = ReserveLine(market.pads.pk, market.depot.pk, Decimal(1), uuid7())
        return reserve_stock(system, [line], source=Source("workshop.jobcard", uuid7(), "JC"))

    def issue():
        return move_stock(
            system,
            variant_id=market.pads.pk,
            warehouse_id=market.depot.pk,
            quantity=Decimal(-1),
            kind="job_card",
            source=Source("workshop.jobcard", uuid7(), "JC"),
        )

    kinds = [
        order(market.buyer, "marketplace"),
        order(market.seller, "counter"),
        order(market.seller, "store"),
        reserve,
        issue,
    ]
    return [kind for kind, _ in zip(cycle(kinds), range(count), strict=False)]


@pytest.mark.proof
def test_a_hundred_buyers_of_the_last_ten(market):
    results = race(buyers(market, 100))

    assert succeeded(results) == 10
    assert {type(result) for result in results if isinstance(result, Exception)} == {NotEnoughStock}
    level = StockLevel.objects.get(variant=market.pads)
    assert level.available == 0
    gone = 10 - level.on_hand
    assert gone + level.reserved == 10
    assert verify_stock() == []


@pytest.fixture
def without_constraint():
    """Takes the database's own rule away for one test."""
    name, table = "stock_level_reserved_within_on_hand", "inventory_stocklevel"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (reserved <= on_hand)")


@pytest.fixture
def without_lock(monkeypatch):
    """Reads levels without locking them, and lets all look before anyone writes."""
    look = threading.Barrier(12, timeout=5)

    def read(places):
        wanted = set(places)
        rows = StockLevel.objects.filter(
            variant_id__in={variant for variant, _ in wanted}, warehouse_id__in={place for _, place in wanted}
        )
        found = {(row.variant_id, row.warehouse_id): row for row in rows}
        with suppress(threading.BrokenBarrierError):
            look.wait()
        return found

    monkeypatch.setattr(import_module("apps.engines.inventory.services.reserve_stock"), "lock_levels", read)


def reservers(market: Market, count: int) -> list[Callable[[], object]]:
    def reserve():
        line = ReserveLine(market.pads.pk, market.depot.pk, Decimal(1), uuid7())
        return reserve_stock(system_actor(market.distributor.pk), [line], source=Source("test.document", uuid7()))

    return [reserve] * count


def test_without_lock_and_constraint_too_much_is_sold(market, without_constraint, without_lock):
    assert succeeded(race(reservers(market, 12))) == 12
    assert StockLevel.objects.get(variant=market.pads).reserved == 12
    assert {fault.rule for fault in verify_stock()} == {"reserved_within_on_hand"}


def test_without_lock_the_constraint_still_holds(market, without_lock):
    results = race(reservers(market, 12))

    assert succeeded(results) == 10
    assert {type(result) for result in results if isinstance(result, Exception)} == {NotEnoughStock}
    assert StockReservation.objects.count() == 10
    assert verify_stock() == []


def test_orders_with_crossed_lines_do_not_wait_in_a_circle(market):
    there = [OrderLineInput(market.pads.pk, Decimal(1)), OrderLineInput(market.oil.pk, Decimal(1))]

    def place(lines):
        return lambda: place_order(market.buyer, channel="marketplace", seller_id=market.distributor.pk, lines=lines)

    results = race([place(lines) for _ in range(10) for lines in (there, there[::-1])])

    assert succeeded(results) == 10
    assert {type(result) for result in results if isinstance(result, Exception)} == {NotEnoughStock}
    assert verify_stock() == []


def test_confirming_twice_at_once(market):
    order = market.place()
    line = order.lines.get()

    results = race([lambda: confirm_order(market.seller, order, quantities={line.pk: Decimal(2)})] * 6)

    assert succeeded(results) == 1
    assert {type(result) for result in results if isinstance(result, Exception)} == {IllegalMove}
    assert StockLevel.objects.get(variant=market.pads).reserved == 2


def test_cancelling_while_shipping(market):
    order = market.ready()

    shipped, cancelled = race(
        [lambda: ship_order(market.seller, order), lambda: cancel_order(market.buyer, order, reason="Chờ lâu")]
    )

    order.refresh_from_db()
    level = StockLevel.objects.get(variant=market.pads)
    assert level.reserved == 0
    if isinstance(cancelled, Exception):
        assert isinstance(cancelled, IllegalMove | AlreadyShipped)
        assert (order.state, level.on_hand) == ("shipped", 7)
    else:
        assert isinstance(shipped, IllegalMove)
        assert (order.state, level.on_hand) == ("cancelled", 10)
    assert verify_stock() == []


def test_shipping_twice_at_once(market):
    order = market.ready()

    results = race([lambda: ship_order(market.seller, order)] * 4)

    assert succeeded(results) == 1
    assert StockLevel.objects.get(variant=market.pads).on_hand == 7
    assert order.shipments.count() == 1


def test_receiving_twice_at_once(market):
    order = market.ready()
    ship_order(market.seller, order)

    results = race([lambda: receive_order(market.buyer, order)] * 4)

    assert succeeded(results) == 1
    assert all(isinstance(result, IllegalMove | NothingToReceive | Order) for result in results)
    assert StockLevel.objects.get(warehouse=market.store).on_hand == 3
    assert verify_stock() == []
