"""Offers of distributors side by side."""

from decimal import Decimal

import pytest

from apps.core.errors import NotAllowed
from apps.engines.catalog.models import Product
from apps.engines.orders.offers import best_offer, list_offers
from tests.factories.actors import actor_for
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.orders import Market
from tests.factories.organizations import OrganizationFactory
from tests.factories.pricing import PriceListAssignmentFactory, PriceListFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def rival(market):
    """A second distributor that sells the same pads cheaper but has only two."""
    company = OrganizationFactory(kinds=["distributor"], name="Phụ tùng Rẻ")
    depot = WarehouseFactory(organization=company, name="Kho Rẻ")
    variant = market.article("AT029", price=700_000, organization=company)
    put_stock(variant, depot, 2)
    return variant


@pytest.fixture
def own(market):
    return market.article("at-029", price=1, organization=market.garage)


def sellers(offers):
    return [offer.seller for offer in offers]


def test_same_brand_and_number(market, rival, own):
    offers = list_offers(market.buyer, variant=own, quantity=Decimal(1))

    assert sellers(offers) == [rival.organization, market.distributor]
    cheap = offers[0]
    assert (cheap.unit_price, cheap.gross, cheap.available, cheap.warehouse_name, cheap.lead_days) == (
        700_000,
        756_000,
        2,
        "Kho Rẻ",
        1,
    )


def test_who_can_deliver_all_comes_first(market, rival, own):
    offers = list_offers(market.buyer, variant=own, quantity=Decimal(3))

    assert [(offer.seller, offer.can_deliver, offer.lead_days) for offer in offers] == [
        (market.distributor, True, 1),
        (rival.organization, False, 4),
    ]
    assert best_offer(market.buyer, variant=own, quantity=Decimal(3)).seller == market.distributor
    assert best_offer(market.buyer, variant=own, quantity=Decimal(11)) is None


def test_price_of_this_buyer(market, rival, own):
    gold = PriceListFactory(organization=market.distributor, discount_percent=5)
    PriceListAssignmentFactory(price_list=gold, buyer_organization=market.garage)

    best = best_offer(market.buyer, variant=own)

    assert (best.seller, best.unit_price) == (market.distributor, 684_000)


def test_fastest_of_equals(market, rival, own):
    rival.price = market.pads.price
    rival.save()
    Product.objects.filter(pk=market.pads.product_id).update(attributes={"delivery_days": 2})

    assert best_offer(market.buyer, variant=own).seller == rival.organization


def test_by_barcode(market, own):
    market.oil.barcode = own.barcode = "8934567890127"
    market.oil.save()
    own.save()

    assert {offer.variant for offer in list_offers(market.buyer, variant=own)} == {market.oil, market.pads}


def test_by_number_and_by_words(market, rival):
    assert len(list_offers(market.buyer, part_number="at 029")) == 2
    assert len(list_offers(market.buyer, brand=market.brand.slug, part_number="at 029")) == 2
    assert list_offers(market.buyer, brand="other", part_number="at 029") == []
    words = market.oil.product.name
    assert {offer.variant for offer in list_offers(market.buyer, text=words)} == {market.oil}


def test_own_and_closed_and_withdrawn_articles_are_no_offers(market, rival, own):
    rival.organization.status = "suspended"
    rival.organization.save()
    Product.objects.filter(pk=market.pads.product_id).update(status="discontinued")

    assert list_offers(market.buyer, variant=own) == []
    assert list_offers(market.seller, variant=own) == []


def test_needs_a_right(market, own):
    with pytest.raises(NotAllowed):
        list_offers(actor_for("technician", market.garage), variant=own)


def test_many_offers_cost_as_many_queries_as_one(market, rival, own, django_assert_max_num_queries):
    for number in range(5):
        company = OrganizationFactory(kinds=["distributor"])
        put_stock(
            market.article("AT-029", price=800_000 + number, organization=company),
            WarehouseFactory(organization=company),
            5,
        )

    with django_assert_max_num_queries(7):
        assert len(list_offers(market.buyer, variant=own)) == 7
