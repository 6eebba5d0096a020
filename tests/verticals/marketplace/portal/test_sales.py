"""The distributor's orders: board, list, page, pick list."""

from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.orders.services import cancel_order
from apps.engines.shipping.models import Shipment
from apps.engines.shipping.services import ship_order
from tests.factories.actors import actor_for
from tests.factories.orders import Market
from tests.factories.organizations import BranchFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NUMBERS = count(1)
PRICE_OF_THREE = "2.332.800"  # 3 × 720.000 with 8 % tax


@pytest.fixture
def market() -> Market:
    return Market()


def url(order: Order, rest: str = "") -> str:
    return f"/distributor/orders/{order.pk}/{rest}"


def state_of(order: Order) -> str:
    order.refresh_from_db()
    return order.state


class SalesOf:
    """Orders placed at the company of the actor."""

    kinds = ("distributor",)
    right = "order.view"

    def own(self, order, actor):
        """Gives the order to the actor's company, under a number that no other has."""
        number = f"DH-{next(NUMBERS):05d}"
        Order.objects.filter(pk=order.pk).update(number=number, seller=actor.organization_id, seller_branch=None)
        order.refresh_from_db()
        return order


class TestSaleList(SalesOf, ListKit):
    url_name = "distributor:order-list"
    sorts = ("number", "buyer", "state", "placed", "expected", "total")
    filter_queries = ("state=pending", "overdue=1", "placed_from=2026-01-01", "buyer=x", "state=nothing")

    def make_row(self, actor, number=1):
        return self.own(Market().place(), actor)

    def label_of(self, row):
        return row.number

    def make_foreign_row(self):
        return self.make_row(actor_for("owner"))


class TestSaleDetail(SalesOf, DetailKit):
    url_name = "distributor:order"
    has_branches = True

    def make_row(self, actor, number=1):
        return self.own(Market().place(), actor)

    def make_row_of_other_branch(self, actor):
        order = self.make_row(actor)
        other = BranchFactory(organization_id=actor.organization_id)
        Order.objects.filter(pk=order.pk).update(seller_branch=other)
        return order


def test_the_buyer_does_not_enter_the_sellers_portal(market):
    order = market.place()

    assert browser_of(market.buyer).get(url(order)).status_code == 404
    assert browser_of(market.seller).get(f"/garage/orders/{order.pk}/").status_code == 404


def test_the_board_shows_counts_money_and_the_next_steps(market):
    market.place()
    other = market.place((market.oil, 1))
    answer = browser_of(market.seller).get("/distributor/orders/")

    text = answer.content.decode()
    columns = {column.state: column for column in answer.context["columns"]}
    assert columns["pending"].count == 2
    assert columns["pending"].money == Decimal(2_332_800 + 102_600)
    assert {place.moves for place in columns["pending"].cards} == {"confirmed"}
    assert other.number in text
    assert market.garage.name in text
    assert "is-fresh" in text
    assert f'data-live="orders:{market.distributor.pk}"' in text


def test_a_dropped_card_takes_the_next_step_and_ships_at_the_end(market):
    order = market.place()
    client = browser_of(market.seller)

    for target in ("confirmed", "processing", "ready", "shipped"):
        assert client.post(f"/distributor/orders/move/{order.pk}/", {"to": target}).status_code == 204
        assert state_of(order) == target
    assert Shipment.objects.get().lines.get().quantity == 3
    assert StockLevel.objects.get(variant=market.pads).on_hand == 7
    assert verify_stock() == []


def test_a_card_that_jumps_snaps_back_with_the_reason(market):
    order = market.place()

    answer = browser_of(market.seller).post(f"/distributor/orders/move/{order.pk}/", {"to": "shipped"})

    assert answer.status_code == 422
    assert "Xác nhận" in answer.json()["error"]["message"]
    assert state_of(order) == "pending"
    assert not Shipment.objects.exists()


def test_without_the_right_nothing_moves(market):
    order = market.place()
    quality = browser_of(actor_for("qc", market.distributor))

    assert quality.post(f"/distributor/orders/move/{order.pk}/", {"to": "confirmed"}).status_code == 403
    assert quality.post(url(order, "do/confirm/")).status_code == 403
    assert quality.get(url(order, "do/confirm_less/")).status_code == 403
    page = quality.get(url(order)).content.decode()
    assert "do/confirm/" not in page
    assert state_of(order) == "pending"


def test_confirming_is_one_click_and_a_second_click_changes_nothing(market):
    order = market.place()
    client = browser_of(market.seller)

    first = client.post(url(order, "do/confirm/"), {"version": order.version}, headers=HTMX)
    second = client.post(url(order, "do/confirm/"), {"version": order.version}, headers=HTMX)

    assert (first.status_code, second.status_code) == (200, 409)
    assert state_of(order) == "confirmed"


def test_confirming_less_cuts_the_order_and_frees_the_rest(market):
    order = market.place((market.pads, 3), (market.oil, 2))
    pads, oil = order.lines.all()
    client = browser_of(market.seller)

    dialog = client.get(url(order, "do/confirm_less/"), headers=HTMX).content.decode()
    assert f'name="line-{pads.pk}"' in dialog
    answer = client.post(
        url(order, "do/confirm_less/"),
        {"version": order.version, f"line-{pads.pk}": "1", f"line-{oil.pk}": "0"},
        headers=HTMX,
    )

    assert answer.status_code == 200
    order.refresh_from_db()
    assert (order.state, order.total, order.lines.count()) == ("confirmed", 777_600, 1)
    assert StockLevel.objects.get(variant=market.pads).reserved == 1
    assert StockLevel.objects.get(variant=market.oil).reserved == 0
    assert verify_stock() == []


@pytest.mark.parametrize("quantity", ["4", "-1", "NaN", "1e9", "0.0001", "", "drop table"])
def test_hostile_quantities_are_refused_beside_their_field(market, quantity):
    order = market.place()
    line = order.lines.get()

    answer = browser_of(market.seller).post(url(order, "do/confirm_less/"), {f"line-{line.pk}": quantity}, headers=HTMX)

    assert answer.status_code == 422
    assert "text-danger" in answer.content.decode()
    order.refresh_from_db()
    assert (order.state, order.lines.get().quantity) == ("pending", 3)
    assert StockLevel.objects.get(variant=market.pads).reserved == 3


def test_nothing_left_is_refused_in_the_dialog(market):
    order = market.place()

    answer = browser_of(market.seller).post(
        url(order, "do/confirm_less/"), {f"line-{order.lines.get().pk}": "0"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "hủy" in answer.content.decode()
    assert state_of(order) == "pending"


def test_a_part_is_shipped_and_the_rest_later(market):
    order = market.ready((market.pads, 3))
    line = order.lines.get()
    client = browser_of(market.seller)
    values = {"parcels": "2", "carrier": "own", "tracking_code": "VN-77"}

    refused = client.post(url(order, "do/ship/"), {**values, f"line-{line.pk}": "5"}, headers=HTMX)
    part = client.post(url(order, "do/ship/"), {**values, f"line-{line.pk}": "2"}, headers=HTMX)

    assert (refused.status_code, part.status_code) == (422, 200)
    shipment = Shipment.objects.get()
    assert (shipment.parcels, shipment.tracking_code, shipment.lines.get().quantity) == (2, "VN-77", 2)
    assert state_of(order) == "ready"
    rest = client.post(url(order, "do/ship/"), {**values, f"line-{line.pk}": "1"}, headers=HTMX)
    assert rest.status_code == 200
    assert state_of(order) == "shipped"
    assert StockMovement.objects.filter(kind="sale").count() == 2
    assert verify_stock() == []


def test_cancelling_needs_a_reason_and_frees_the_goods(market):
    order = market.place()
    client = browser_of(market.seller)

    assert client.post(url(order, "do/cancel/"), {"reason": " "}, headers=HTMX).status_code == 422
    assert state_of(order) == "pending"
    assert client.post(url(order, "do/cancel/"), {"reason": "Hết hàng"}, headers=HTMX).status_code == 200
    assert state_of(order) == "cancelled"
    assert StockLevel.objects.get(variant=market.pads).reserved == 0
    assert "Hết hàng" in client.get(url(order)).content.decode()


def test_a_stale_click_says_what_is_possible_now(market):
    order = market.place()
    cancel_order(market.buyer, order, reason="Đặt nhầm")

    answer = browser_of(market.seller).post(url(order, "do/confirm/"), headers=HTMX)

    assert answer.status_code == 422
    assert state_of(order) == "cancelled"


def test_cost_and_margin_are_for_those_who_may_see_them(market):
    order = market.place()
    sees = browser_of(market.seller).get(url(order)).content.decode()
    clerk = member_with("order.view", place=market.distributor)
    blind = browser_of(clerk).get(url(order)).content.decode()

    assert "180.000" in sees  # three at a cost of 60.000
    assert "91,7 %" in sees
    assert "180.000" not in blind
    assert PRICE_OF_THREE in blind


def test_the_garages_job_card_is_not_told_to_the_seller(market):
    order = market.place()
    Order.objects.filter(pk=order.pk).update(source_label="JC-20261120-0007", source_type="workshop.jobcard")

    client = browser_of(market.seller)

    assert "JC-20261120-0007" not in client.get(url(order)).content.decode()
    assert client.get("/distributor/orders/list/", {"q": "JC-20261120"}).content.decode().count(order.number) == 0


def test_the_pick_list_names_what_is_left_by_warehouse(market):
    order = market.ready((market.pads, 3), (market.oil, 2))
    pads, _oil = order.lines.all()
    ship_order(market.seller, order, lines={pads.pk: Decimal(3)})
    answer = browser_of(market.seller).get(url(order, "pick-list/"))

    [(place, lines)] = answer.context["places"]
    assert (place, [(line.sku, left) for line, left in lines]) == (market.depot.name, [("OIL-5W30", 2)])
    assert browser_of(market.buyer).get(url(order, "pick-list/")).status_code == 404
    assert browser_of(actor_for("owner")).get(url(order, "pick-list/")).status_code == 404


def count_queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_board_costs_the_same_for_one_card_and_for_many(market):
    client = browser_of(market.seller)
    market.place((market.pads, 1))
    few = count_queries(client, "/distributor/orders/")
    for _number in range(5):
        market.place((market.pads, 1))

    assert count_queries(client, "/distributor/orders/") == few


def test_the_page_costs_the_same_for_one_line_and_for_two(market):
    client = browser_of(market.seller)
    one, two = market.place((market.pads, 1)), market.place((market.pads, 1), (market.oil, 1))

    assert count_queries(client, url(one)) == count_queries(client, url(two))
