"""Finding parts, the basket, ordering from it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engines.inventory.models import StockLevel
from apps.engines.orders.models import Order
from apps.engines.pricing.services import assign_price_list, create_price_list
from tests.factories.actors import actor_for
from tests.factories.catalog import BrandFactory, FitmentFactory, ProductFactory, VehicleModelFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.orders import Market
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.workshop import CustomerFactory, VehicleFactory
from tests.support.portal import browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MARKET, BASKET = "/garage/marketplace/", "/garage/marketplace/basket/"


@pytest.fixture
def market() -> Market:
    return Market()


def rival(market: Market, number: str, *, price: int, stock: int = 10):
    """The same part at another distributor."""
    seller = OrganizationFactory(kinds=["distributor"])
    variant = market.article(number, price=price, organization=seller)
    if stock:
        put_stock(variant, WarehouseFactory(organization=seller), stock)
    return variant


def found(client, **query):
    answer = client.get(MARKET, query)
    assert answer.status_code == 200
    return {part.product.part_number: part for part in answer.context["parts"]}


def add(client, variant, quantity="1", **options):
    return client.post(f"{BASKET}add/", {"variant": str(variant.pk), "quantity": quantity}, **options)


def order(client, distributor, *, token="", **changes):
    page = client.get(BASKET)
    one = next(one for one in page.context["sellers"] if one.seller == distributor)
    values = {"seller": distributor.pk, "total": one.gross, "form_token": token or one.token, "note": "Giao sớm"}
    branches = page.context["branches"]
    return client.post(f"{BASKET}order/", {**values, "branch": branches[0].pk if branches else "", **changes})


def test_who_gets_in(market):
    assert browser_of().get(MARKET).status_code == 302
    assert browser_of(actor_for("technician", market.garage)).get(MARKET).status_code == 403
    assert browser_of(market.seller).get(MARKET).status_code == 404
    looker = browser_of(member_with("order.view", place=market.garage))
    assert looker.get(MARKET).status_code == 200
    assert looker.get(BASKET).status_code == 403
    assert add(looker, market.pads).status_code == 403


def test_offers_of_one_part_stand_side_by_side_with_the_best_first(market):
    cheaper, empty = rival(market, "at 029", price=700_000), rival(market, "AT029", price=1, stock=0)

    parts = found(browser_of(market.buyer), q="AT-029")

    [part] = parts.values()
    assert [offer.variant for offer in part.offers] == [cheaper, market.pads, empty]
    assert part.best.variant == cheaper


def test_words_brand_category_seller_and_stock_narrow(market):
    other = rival(market, "ZZ-9", price=5, stock=0)
    other.product.brand = BrandFactory(name="Gates")
    other.product.save(update_fields=["brand"])
    client = browser_of(market.buyer)

    assert set(found(client)) == {"AT-029", "OIL-5W30", "ZZ-9"}
    assert set(found(client, q="oil 5w30")) == {"OIL-5W30"}
    assert set(found(client, brand=other.product.brand_id)) == {"ZZ-9"}
    assert set(found(client, seller=market.distributor.pk)) == {"AT-029", "OIL-5W30"}
    assert set(found(client, in_stock="1")) == {"AT-029", "OIL-5W30"}
    assert set(found(client, category=market.pads.product.category.slug)) == {"AT-029"}
    assert set(found(client, category="nothing", brand="x", seller="x")) == {"AT-029", "OIL-5W30", "ZZ-9"}
    assert found(client, q="không có gì như vậy") == {}


def test_the_market_costs_the_same_reads_however_much_is_offered(market, django_assert_num_queries):
    market.article("AT-029", price=1, organization=market.garage)
    client = browser_of(market.buyer)
    found(client)
    # Session, person, device, memberships, found parts, articles, pictures, vehicles, tax, price lists, stock, bell.
    with django_assert_num_queries(12):
        assert len(found(client)) == 2
    for number in range(8):
        rival(market, f"NO-{number}", price=5)
        rival(market, "AT-029", price=number + 1)
    with django_assert_num_queries(12):
        parts = found(client)
    assert len(parts) == 10
    assert len(parts["AT-029"].offers) == 9


def test_a_part_without_articles_is_shown_without_offers(market):
    ProductFactory(organization=market.distributor, part_number="BARE-1", name="Bare")

    parts = found(browser_of(market.buyer), q="BARE-1")

    assert parts["BARE-1"].offers == []


def test_what_can_be_chosen_may_be_a_minute_old_unless_it_is_asked_for(market):
    client = browser_of(market.buyer)
    first = client.get(MARKET).context["filters"]
    other = rival(market, "ZZ-9", price=5)
    other.product.brand = BrandFactory(name="Gates")
    other.product.save(update_fields=["brand"])

    def brands(page):
        return [option.label for one in page.context["filters"] if one.filter.key == "brand" for option in one.options]

    assert [option.label for option in first[1].options] == brands(client.get(MARKET))
    assert "Gates" in brands(client.get(MARKET, {"brand": str(other.product.brand_id)}))


def test_parts_that_fit_a_vehicle(market):
    vios, ranger = VehicleModelFactory(), VehicleModelFactory(make__name="Ford", name="Ranger")
    FitmentFactory(product=market.pads.product, model=vios)
    FitmentFactory(product=market.oil.product, model=ranger)
    customer = CustomerFactory(organization=market.garage)
    VehicleFactory(customer=customer, model=vios, year=2019, plate="51G-123.45", plate_key="51g12345")
    client = browser_of(market.buyer)

    assert set(found(client, plate="51g 12345")) == {"AT-029"}
    assert set(found(client, model=ranger.pk, year="2018")) == {"OIL-5W30"}
    assert found(client, model=ranger.pk, year="1999") == {}
    unknown = client.get(MARKET, {"plate": "99Z-999.99"})
    assert unknown.context["parts"] == []
    assert "99Z-999.99" in unknown.content.decode()
    assert client.get(MARKET, {"model": "x", "year": "9" * 60, "page": "x"}).status_code == 200


def test_a_foreign_garages_vehicle_is_not_found(market):
    VehicleFactory(plate="51G-777.77", plate_key="51g77777")

    assert found(browser_of(market.buyer), plate="51G-777.77") == {}


def test_own_stock_and_own_prices_are_shown_and_nobody_elses(market):
    own = market.article("AT-029", price=1, organization=market.garage)
    put_stock(own, market.store, 4)
    prices = create_price_list(market.seller, name="Gara thân thiết", discount_percent=Decimal(10))
    assign_price_list(market.seller, prices, buyer_organization_id=market.garage.pk)

    part = found(browser_of(market.buyer), q="AT-029")["AT-029"]
    stranger = found(browser_of(actor_for("owner")), q="AT-029")["AT-029"]

    assert (part.own, part.offers[0].unit_price) == (4, 648_000)
    assert (stranger.own, stranger.offers[0].unit_price) == (None, 720_000)


def test_a_part_opens_in_the_drawer(market):
    client = browser_of(market.buyer)

    page = client.get(f"{MARKET}parts/{market.pads.product_id}/")
    drawer = client.get(f"{MARKET}parts/{market.pads.product_id}/", headers=HTMX)
    own = market.article("OWN-1", price=1, organization=market.garage)

    assert page.status_code == drawer.status_code == 200
    assert b"<html" not in drawer.content
    assert client.get(f"{MARKET}parts/{own.product_id}/").status_code == 404


def test_many_parts_cost_as_many_queries_as_few(market):
    client = browser_of(market.buyer)

    def queries():
        client.get(MARKET)
        with CaptureQueriesContext(connection) as seen:
            client.get(MARKET)
        return len(seen)

    few = queries()
    for number in range(8):
        rival(market, f"P-{number}", price=1000)

    assert queries() == few


def test_the_basket_is_ordered_distributor_by_distributor(market):
    other = rival(market, "ZZ-9", price=50_000)
    client = browser_of(market.buyer)
    assert add(client, market.pads, "2", headers=HTMX).status_code == 200
    add(client, market.pads, "1")
    add(client, market.oil)
    add(client, other)

    answer = order(client, market.distributor)

    made = Order.objects.get()
    assert answer["Location"] == f"/garage/orders/{made.pk}/"
    assert (made.seller, made.buyer_branch, made.buyer_note) == (market.distributor, market.branch, "Giao sớm")
    assert sorted(made.lines.values_list("sku", "quantity")) == [("AT-029", 3), ("OIL-5W30", 1)]
    assert made.total == 2_332_800 + 102_600
    left = client.get(BASKET).context["sellers"]
    assert [one.seller for one in left] == [other.organization]


def test_a_second_press_goes_to_the_first_order(market):
    client = browser_of(market.buyer)
    add(client, market.pads, "2")
    page = client.get(BASKET).context["sellers"][0]
    values = {"seller": page.seller.pk, "total": page.gross, "form_token": page.token, "branch": market.branch.pk}

    first = client.post(f"{BASKET}order/", values)
    second = client.post(f"{BASKET}order/", values)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(variant=market.pads).reserved == 2


def test_a_changed_price_is_shown_and_not_charged(market):
    client = browser_of(market.buyer)
    add(client, market.pads)
    seen = client.get(BASKET).context["sellers"][0]
    market.pads.price = Decimal(800_000)
    market.pads.save(update_fields=["price"])

    values = {"seller": seen.seller.pk, "total": seen.gross, "form_token": seen.token, "branch": market.branch.pk}
    answer = client.post(f"{BASKET}order/", values)

    assert answer.status_code == 409
    assert "Giá đã thay đổi" in answer.content.decode()
    assert "864.000" in answer.content.decode()
    assert not Order.objects.exists()
    assert StockLevel.objects.get(variant=market.pads).reserved == 0
    assert order(client, market.distributor).status_code == 302


def test_more_than_there_is_leaves_nothing_behind_and_keeps_the_basket(market):
    client = browser_of(market.buyer)
    add(client, market.pads, "11")
    add(client, market.oil, "1")

    answer = order(client, market.distributor)

    assert answer.status_code == 409
    assert not Order.objects.exists()
    assert not StockLevel.objects.filter(reserved__gt=0).exists()
    assert len(client.get(BASKET).context["sellers"][0].offers) == 2


@pytest.mark.parametrize("quantity", ["0", "-3", "NaN", "Infinity", "1e300", "0.0001", "x", "", "100001"])
def test_hostile_quantities_do_not_enter_the_basket(market, quantity):
    client = browser_of(market.buyer)

    assert add(client, market.pads, quantity).status_code == 400
    assert client.get(BASKET).context["sellers"] == []


def test_quantities_are_changed_and_taken_out(market):
    client = browser_of(market.buyer)
    add(client, market.pads)

    assert client.post(BASKET, {"variant": market.pads.pk, "quantity": "2.5"}, headers=HTMX).status_code == 200
    assert client.get(BASKET).context["sellers"][0].offers[0].quantity == Decimal("2.5")
    assert client.post(BASKET, {"variant": market.pads.pk, "quantity": "-1"}).status_code == 400
    assert client.post(BASKET, {"variant": "x", "quantity": "1"}).status_code == 400
    client.post(BASKET, {"variant": market.pads.pk, "quantity": "0"})
    assert client.get(BASKET).context["sellers"] == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"total": "x"}, 400),
        ({"seller": "x"}, 404),
        ({"branch": "x"}, 400),
        ({"branch": "00000000-0000-7000-8000-000000000000"}, 404),
    ],
)
def test_hostile_orders_are_refused(market, changes, status):
    client = browser_of(market.buyer)
    add(client, market.pads)

    assert order(client, market.distributor, **changes).status_code == status
    assert not Order.objects.exists()


def test_own_and_withdrawn_articles_are_not_for_the_basket(market):
    client = browser_of(market.buyer)
    own = market.article("OWN-1", price=1, organization=market.garage)
    add(client, market.pads)
    market.pads.is_active = False
    market.pads.save(update_fields=["is_active"])

    assert add(client, own).status_code == 404
    assert add(client, market.pads).status_code == 404
    assert client.get(BASKET).context["sellers"] == []


def test_an_order_again_fills_the_basket(market):
    client = browser_of(market.buyer)
    earlier = market.place((market.pads, 3), (market.oil, 2))
    market.oil.is_active = False
    market.oil.save(update_fields=["is_active"])

    answer = client.post(f"/garage/orders/{earlier.pk}/again/", follow=True)

    assert "1 mặt hàng" in answer.content.decode()
    [one] = answer.context["sellers"]
    assert [(offer.variant, offer.quantity) for offer in one.offers] == [(market.pads, 3)]
    assert browser_of(actor_for("owner")).post(f"/garage/orders/{earlier.pk}/again/").status_code == 404


def test_the_basket_belongs_to_one_company(market):
    client = browser_of(market.buyer)
    add(client, market.pads)
    second = OrganizationFactory(kinds=["garage"])
    MembershipFactory(organization=second, user_id=market.buyer.user_id)
    session = client.session
    session["organization_id"] = str(second.pk)
    session.save()

    assert client.get(BASKET).context["sellers"] == []
