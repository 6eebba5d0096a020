"""Prices for a buyer on a day."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.errors import NotFound
from apps.engines.catalog.models import TaxClass
from apps.engines.pricing.errors import TaxRateMissing
from apps.engines.pricing.selectors import Buyer, calculate_price, calculate_prices, tax_rate_of
from tests.factories.catalog import VariantFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.pricing import (
    PriceListAssignmentFactory,
    PriceListFactory,
    PriceListItemFactory,
    TaxRateFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def variant():
    variant = VariantFactory(price=Decimal("100000.00"))
    TaxRateFactory(tax_class=variant.product.tax_class, rate=8)
    return variant


@pytest.fixture
def garage():
    return OrganizationFactory()


def price_of(variant, quantity=1, **buyer):
    return calculate_price(
        variant=variant, quantity=Decimal(quantity), seller_id=variant.organization_id, on=DAY, **buyer
    )


def test_list_price_with_tax(variant):
    price = price_of(variant, 3)

    assert (price.unit_price, price.net, price.tax_rate, price.tax, price.gross) == (
        100_000,
        300_000,
        8,
        24_000,
        324_000,
    )
    assert price.currency == "VND"


def test_buyer_on_a_list_pays_its_price(variant, garage):
    gold = PriceListFactory(organization=variant.organization, name="Vàng", discount_percent=12)
    PriceListItemFactory(price_list=gold, variant=variant, min_quantity=10, unit_price="80000.00")
    PriceListAssignmentFactory(price_list=gold, buyer_organization=garage)

    assert price_of(variant).unit_price == 100_000
    assert price_of(variant, buyer_organization_id=garage.pk).unit_price == 88_000
    many = price_of(variant, 10, buyer_organization_id=garage.pk)
    assert (many.unit_price, many.gross) == (80_000, 864_000)
    assert many.breakdown[-1] == {"rule": "price_list_item", "name": "Vàng", "from": "100000.00", "to": "80000.00"}


def test_closed_list_counts_no_more(variant, garage):
    closed = PriceListFactory(organization=variant.organization, discount_percent=12, is_active=False)
    PriceListAssignmentFactory(price_list=closed, buyer_organization=garage)

    assert price_of(variant, buyer_organization_id=garage.pk).unit_price == 100_000


def test_another_sellers_article(variant, garage):
    with pytest.raises(NotFound):
        calculate_price(variant=variant, quantity=Decimal(1), seller_id=garage.pk, on=DAY)


def test_many_lines_cost_as_many_queries_as_one(variant, garage, django_assert_num_queries):
    gold = PriceListFactory(organization=variant.organization, discount_percent=12)
    PriceListAssignmentFactory(price_list=gold, buyer_organization=garage)
    lines = [(variant, Decimal(number)) for number in range(1, 30)]

    # The rates, and the lists with their prices; the seller came with the article.
    with django_assert_num_queries(2):
        calculate_prices(lines, buyer=Buyer(garage.pk), on=DAY)


def test_rate_of_the_day(variant):
    tax_class = variant.product.tax_class
    tax_class.rates.all().delete()
    TaxRateFactory(tax_class=tax_class, rate=8, period=DateRange(date(2023, 7, 1), date(2027, 1, 1)))
    TaxRateFactory(tax_class=tax_class, rate=10, period=DateRange(date(2027, 1, 1), None))

    assert tax_rate_of(tax_class.pk, date(2026, 12, 31)) == 8
    assert tax_rate_of(tax_class.pk, date(2027, 1, 1)) == 10
    with pytest.raises(TaxRateMissing):
        tax_rate_of(tax_class.pk, date(2023, 6, 30))


@pytest.mark.parametrize(
    ("code", "on", "rate"),
    [
        ("standard", date(2026, 11, 20), 10),
        ("reduced", date(2022, 6, 1), 8),
        ("reduced", date(2023, 3, 1), 10),
        ("reduced", date(2026, 12, 31), 8),
        ("reduced", date(2027, 1, 1), 10),
        ("low", date(2026, 11, 20), 5),
        ("zero", date(2026, 11, 20), 0),
        ("exempt", date(2026, 11, 20), 0),
    ],
)
def test_vat_of_vietnam(code, on, rate):
    import_module("apps.engines.pricing.migrations.0002_vietnam_vat").load(apps, None)

    assert tax_rate_of(TaxClass.objects.get(country="VN", code=code).pk, on) == rate
