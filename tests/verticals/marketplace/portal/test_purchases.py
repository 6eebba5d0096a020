"""What a garage has ordered: list, page, receiving, calling off."""

from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.orders.services import confirm_order
from apps.engines.shipping.services import ship_order
from tests.factories.actors import actor_for
from tests.factories.orders import Market
from tests.factories.organizations import BranchFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NUMBERS = count(1)


@pytest.fixture
def market() -> Market:
    return Market()


def url(order: Order, rest: str = "") -> str:
    return f"/garage/orders/{order.pk}/{rest}"


def shipped(market: Market, *quantities) -> Order:
    order = market.ready(*quantities)
    ship_order(market.seller, order)
    order.refresh_from_db()
    return order


def own_stock(market: Market) -> list[Decimal]:
    return list(StockLevel.objects.filter(warehouse=market.store).values_list("on_hand", flat=True))


class PurchasesOf:
    right = "order.view"

    def make_row(self, actor, number=1):
        """An order of the actor's company, under a number that no other has."""
        order = Market().place()
        Order.objects.filter(pk=order.pk).update(
            number=f"DH-{next(NUMBERS):05d}", buyer_organization=actor.organization_id, buyer_branch=None
        )
        order.refresh_from_db()
        return order


class TestPurchaseList(PurchasesOf, ListKit):
    url_name = "garage:orders"
    sorts = ("number", "seller", "state", "placed", "expected", "total")
    filter_queries = ("state=pending", "overdue=1", "placed_to=2026-01-01", "seller=x")

    def label_of(self, row):
        return row.number


class TestPurchaseDetail(PurchasesOf, DetailKit):
    url_name = "garage:order"
    has_branches = True

    def make_row_of_other_branch(self, actor):
        order = self.make_row(actor)
        other = BranchFactory(organization_id=actor.organization_id)
        Order.objects.filter(pk=order.pk).update(buyer_branch=other)
        return order


def test_everything_on_its_way_is_received_by_one_click_once(market):
    order = shipped(market, (market.pads, 3), (market.oil, 2))
    client = browser_of(market.buyer)

    first = client.post(url(order, "do/receive_all/"), {"version": order.version}, headers=HTMX)
    second = client.post(url(order, "do/receive_all/"), {"version": order.version}, headers=HTMX)

    assert (first.status_code, second.status_code) == (200, 409)
    order.refresh_from_db()
    assert order.state == "delivered"
    assert sorted(own_stock(market)) == [2, 3]
    assert StockMovement.objects.filter(warehouse=market.store).count() == 2
    assert verify_stock() == []


def test_a_part_is_received_and_the_rest_stays_on_its_way(market):
    order = shipped(market, (market.pads, 3))
    line = order.lines.get()
    client = browser_of(market.buyer)

    dialog = client.get(url(order, "do/receive/"), headers=HTMX).content.decode()
    assert f'name="line-{line.pk}"' in dialog
    answer = client.post(url(order, "do/receive/"), {f"line-{line.pk}": "2"}, headers=HTMX)

    assert answer.status_code == 200
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, line.received, own_stock(market)) == ("shipped", 2, [2])


@pytest.mark.parametrize("quantity", ["4", "-1", "Infinity", "0.0001", "x", ""])
def test_hostile_quantities_are_refused(market, quantity):
    order = shipped(market, (market.pads, 3))

    answer = browser_of(market.buyer).post(
        url(order, "do/receive/"), {f"line-{order.lines.get().pk}": quantity}, headers=HTMX
    )

    assert answer.status_code == 422
    assert own_stock(market) == []
    assert order.lines.get().received == 0


def test_nothing_can_be_received_before_it_is_shipped(market):
    order = market.place()
    client = browser_of(market.buyer)

    assert "do/receive" not in client.get(url(order)).content.decode()
    assert client.post(url(order, "do/receive_all/"), headers=HTMX).status_code == 422
    assert own_stock(market) == []


def test_who_orders_may_call_off_until_it_is_confirmed(market):
    advisor = browser_of(actor_for("advisor", branch=market.branch))
    order, late = market.place((market.pads, 1)), market.place((market.pads, 1))
    confirm_order(market.seller, late)

    assert "do/call_off/" in advisor.get(url(order)).content.decode()
    assert advisor.post(url(order, "do/call_off/"), {"reason": "Đặt nhầm"}, headers=HTMX).status_code == 200
    assert "do/call_off/" not in advisor.get(url(late)).content.decode()
    assert advisor.post(url(late, "do/call_off/"), {"reason": "Đặt nhầm"}, headers=HTMX).status_code == 403
    order.refresh_from_db()
    late.refresh_from_db()
    assert (order.state, late.state) == ("cancelled", "confirmed")
    assert StockLevel.objects.get(variant=market.pads).reserved == 1


def test_who_only_looks_gets_no_buttons_and_no_way_around(market):
    order = shipped(market, (market.pads, 3))
    client = browser_of(member_with("order.view", place=market.garage))

    assert "do/receive" not in client.get(url(order)).content.decode()
    assert client.post(url(order, "do/receive_all/"), headers=HTMX).status_code == 403
    assert client.get(url(order, "do/receive/"), headers=HTMX).status_code == 403
    assert own_stock(market) == []


def test_the_sellers_cost_and_warehouse_are_not_told(market):
    order = shipped(market, (market.pads, 3))

    text = browser_of(market.buyer).get(url(order)).content.decode()

    assert "180.000" not in text
    assert market.depot.name not in text
    assert market.distributor.name in text


def test_the_page_costs_the_same_for_one_line_and_for_two(market):
    client = browser_of(market.buyer)

    def queries(order):
        client.get(url(order))
        with CaptureQueriesContext(connection) as found:
            client.get(url(order))
        return len(found)

    assert queries(market.place((market.pads, 1))) == queries(market.place((market.pads, 1), (market.oil, 1)))
