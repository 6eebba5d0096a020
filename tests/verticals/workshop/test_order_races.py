"""A card's own people and the goods that arrive for it meet: neither waits for the other in a circle."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import OperationalError, transaction

from apps.engines.inventory.models import StockLevel
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.orders.registry import SOURCE_LOCKS
from apps.engines.orders.services import confirm_order, mark_ready, receive_order, start_picking
from apps.engines.shipping.services import ship_order
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.services.card_steps import lock_card
from apps.verticals.workshop.services.reserve_parts import reserve_parts
from tests.engines.orders.test_races import race
from tests.factories.inventory import put_stock
from tests.verticals.workshop.visits import World, approve, check_in, estimate, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_card(world: World) -> tuple[JobCard, Order]:
    card = check_in(world)
    approve(world, estimate(world, card))
    card.refresh_from_db()
    [order] = services.order_missing_parts(world.advisor, card)
    confirm_order(world.seller, order)
    mark_ready(world.seller, start_picking(world.seller, order))
    ship_order(world.seller, order)
    return card, order


def meet(world: World, card: JobCard, order: Order) -> list[object]:
    """One takes the goods in; the other holds the card already and then looks for stock, as every service does."""
    is_held = threading.Event()

    @transaction.atomic
    def look() -> object:
        lock_card(world.advisor, card)
        is_held.set()
        time.sleep(0.4)
        return reserve_parts(world.advisor, card)

    def take_in() -> object:
        is_held.wait(timeout=5)
        return receive_order(world.manager, order)

    return race([look, take_in])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def half_a_filter(world: World) -> None:
    put_stock(world.oil_filter, world.garage.warehouse, Decimal("0.5"))


@pytest.mark.usefixtures("half_a_filter")
def test_goods_arrive_while_the_card_looks_for_them(world):
    card, order = waiting_card(world)

    results = meet(world, card, order)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert StockLevel.objects.get(variant=world.oil_filter).reserved == 1
    assert verify_stock() == []


@pytest.mark.usefixtures("half_a_filter")
def test_without_the_common_order_of_locks_they_block_each_other(world, monkeypatch):
    card, order = waiting_card(world)
    monkeypatch.delitem(SOURCE_LOCKS, "workshop.partrequirement")

    results = meet(world, card, order)

    assert [type(result) for result in results if isinstance(result, Exception)] == [OperationalError]
    assert "deadlock" in str(next(result for result in results if isinstance(result, Exception)))
