"""The distributor's first page and its garages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.engines.inventory.models import StockLevel
from apps.engines.orders.models import Order
from apps.engines.orders.services import cancel_order
from tests.factories.actors import actor_for
from tests.factories.orders import Market
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
HOME, GARAGES = "/distributor/", "/distributor/garages/"


@pytest.fixture
def market() -> Market:
    return Market()


def place_ago(market: Market, days: int) -> Order:
    order = market.place((market.pads, 1))
    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now() - timedelta(days=days))
    return order


def test_who_gets_in(market):
    assert browser_of().get(HOME).status_code == 302
    assert browser_of(market.buyer).get(HOME).status_code == 404
    assert browser_of(member_with("report.view", kinds=("distributor",))).get(HOME).status_code == 403


def test_what_needs_somebody_stands_on_top(market):
    new, ready = market.place((market.pads, 1)), market.ready((market.pads, 1))
    late = market.ready((market.oil, 1))
    Order.objects.filter(pk=late.pk).update(expected_on=timezone.localdate() - timedelta(days=2))
    StockLevel.objects.filter(variant=market.oil).update(reorder_point=9)

    answer = browser_of(market.seller).get(HOME)

    needs = {str(need.label): (need.count, need.url) for need in answer.context["needs"]}
    assert needs == {
        "Đơn mới": (1, "/distributor/orders/list/?state=pending"),
        "Quá hạn": (1, "/distributor/orders/list/?overdue=1"),
        "Sẵn sàng giao": (2, "/distributor/orders/list/?state=ready"),
        "Sắp hết": (1, "/distributor/stock/?low=1"),
    }
    text = answer.content.decode()
    assert new.number in text
    assert ready.number in text
    assert f'data-live="orders:{market.distributor.pk} inventory:{market.depot.branch_id}"' in text


def test_nothing_to_do_says_so(market):
    answer = browser_of(market.seller).get(HOME)

    assert answer.context["needs"] == []
    assert "needs-none" in answer.content.decode()


def test_numbers_and_chart_count_what_was_sold(market):
    place_ago(market, 0)
    place_ago(market, 3)
    place_ago(market, 10)
    place_ago(market, 40)
    cancel_order(market.seller, place_ago(market, 1), reason="Hết hàng")

    answer = browser_of(market.seller).get(HOME)

    numbers = {str(number.label): number for number in answer.context["numbers"]}
    assert len(numbers) == 6
    assert numbers["Doanh số 30 ngày"].value == "2.160.000 ₫"
    assert (numbers["Doanh số 30 ngày"].trend, numbers["Doanh số 30 ngày"].good) == ("+200 %", "yes")
    assert (numbers["Đơn trong 7 ngày"].value, numbers["Đơn trong 7 ngày"].trend) == (2, "+100 %")
    assert numbers["Chờ xác nhận"].value == 4
    chart = answer.context["chart"]
    assert (len(chart["bars"]), chart["sum"], chart["top"]) == (30, "2.160.000 ₫", "1 tr")
    assert [orders for _bar, _money, orders, _url in chart["bars"]].count(1) == 3


def test_the_living_part_comes_alone(market):
    answer = browser_of(market.seller).get(HOME, headers={"HX-Request": "true", "HX-Target": "dashboard"})

    assert b"<html" not in answer.content
    assert b'id="dashboard"' in answer.content


def test_nobody_elses_figures(market):
    market.place()
    other = Market()

    assert browser_of(other.seller).get(HOME).context["needs"] == []
    assert browser_of(other.seller).get(GARAGES).context["lines"] == []


def test_who_may_not_see_stock_is_not_told_of_it(market):
    StockLevel.objects.filter(variant=market.oil).update(reorder_point=99)

    answer = browser_of(member_with("order.view", place=market.distributor)).get(HOME)

    assert answer.context["needs"] == []
    assert "inventory:" not in answer.content.decode()


def test_the_page_costs_the_same_for_one_order_and_for_many(market):
    client = browser_of(market.seller)

    def queries(address):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    market.place((market.pads, 1))
    few = [queries(HOME), queries(GARAGES)]
    for _number in range(5):
        market.place((market.pads, 1))

    assert [queries(HOME), queries(GARAGES)] == few


def test_garages_with_their_sums(market):
    market.place((market.pads, 1))
    cancel_order(market.seller, market.place((market.pads, 1)), reason="Hết hàng")
    client = browser_of(market.seller)

    [line] = client.get(GARAGES).context["lines"]

    assert (line.row, line.row.orders, line.row.open_orders, line.row.spent) == (
        market.garage,
        2,
        1,
        Decimal(777_600),
    )
    assert line.url == f"/distributor/orders/list/?buyer={market.garage.pk}"
    assert len(client.get(line.url).context["lines"]) == 2
    assert client.get(GARAGES, {"q": "không có"}).context["lines"] == []
    assert len(client.get(GARAGES, {"open": "1", "sort": "-last_order"}).context["lines"]) == 1
    assert browser_of(actor_for("owner")).get(GARAGES).status_code == 404
    assert client.get(GARAGES, {"export": "csv"}).status_code == 200
