"""Price lists in the distributor's portal."""

from decimal import Decimal
from uuid import uuid4

import pytest

from apps.engines.pricing.models import PriceList, PriceListItem
from apps.engines.pricing.services import calculate_price
from apps.platform.organizations.models import Organization
from tests.factories.actors import actor_for
from tests.factories.catalog import VariantFactory
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.pricing import PriceListFactory, TaxRateFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class ListsOf:
    kinds = ("distributor",)
    right = "price.view"

    def make_row(self, actor, number=1):
        return PriceListFactory(organization_id=actor.organization_id, name=f"Bảng giá {uuid4().hex[:8]}")


class TestPriceLists(ListsOf, ListKit):
    url_name = "distributor:price-lists"
    sorts = ("name", "discount", "prices", "buyers", "is_active")
    filter_queries = ("active=1",)


class TestPriceListDetail(ListsOf, DetailKit):
    url_name = "distributor:price-list"


@pytest.fixture
def owner():
    return actor_for("owner", OrganizationFactory(kinds=["distributor"]))


def url(price_list, rest=""):
    return f"/distributor/price-lists/{price_list.pk}/{rest}"


def test_a_tier_is_made_given_and_counts_for_its_buyer(owner):
    client = browser_of(owner)
    variant = VariantFactory(organization=Organization.objects.get(pk=owner.organization_id), price=100_000)
    TaxRateFactory(tax_class=variant.product.tax_class)
    garage = BranchFactory().organization
    answer = client.post("/distributor/price-lists/new/", {"name": "Gara thân thiết", "discount_percent": "10"})
    made = PriceList.objects.get()
    assert answer["Location"] == url(made)

    client.post(url(made, "do/assign/"), {"buyer": garage.pk}, headers=HTMX)
    values = {"sku": variant.sku.lower(), "min_quantity": "5", "unit_price": "80000"}
    client.post(url(made, "do/price/"), values, headers=HTMX)

    def price(quantity):
        found = calculate_price(
            variant=variant,
            quantity=Decimal(quantity),
            seller_id=owner.organization_id,
            buyer_organization_id=garage.pk,
        )
        return found.unit_price

    assert (price(1), price(5)) == (90_000, 80_000)
    item = PriceListItem.objects.get()
    assert client.post(url(made, "do/remove/"), {"item_id": item.pk}, headers=HTMX).status_code == 200
    assert price(5) == 90_000


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "discount_percent": "1"},
        {"name": "A", "discount_percent": "-1"},
        {"name": "A", "discount_percent": "100.01"},
        {"name": "A", "discount_percent": "NaN"},
    ],
)
def test_hostile_lists_are_refused(owner, values):
    assert browser_of(owner).post("/distributor/price-lists/new/", values).status_code == 422
    assert not PriceList.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"min_quantity": "0"}, {"unit_price": "-1"}, {"sku": "nothing"}, {"sku": "foreign"}]
)
def test_hostile_prices_are_refused(owner, changes):
    own = VariantFactory(organization_id=owner.organization_id)
    VariantFactory(sku="foreign")
    made = PriceListFactory(organization_id=owner.organization_id)
    values = {"sku": own.sku, "min_quantity": "1", "unit_price": "1", **changes}

    assert browser_of(owner).post(url(made, "do/price/"), values, headers=HTMX).status_code == 422
    assert not PriceListItem.objects.exists()


def test_two_lists_of_one_name_are_refused(owner):
    made = PriceListFactory(organization_id=owner.organization_id)

    answer = browser_of(owner).post("/distributor/price-lists/new/", {"name": made.name, "discount_percent": "1"})

    assert answer.status_code == 409
    assert answer.context["form"].errors.keys() == {"name"}


def test_who_only_looks_changes_nothing(owner):
    made = PriceListFactory(organization_id=owner.organization_id)
    client = browser_of(member_with("price.view", place=made.organization))

    assert client.get(url(made)).status_code == 200
    for action in ("edit", "price", "assign", "remove"):
        assert client.post(url(made, f"do/{action}/"), {"name": "X"}, headers=HTMX).status_code == 403
    assert client.get("/distributor/price-lists/new/").status_code == 403
