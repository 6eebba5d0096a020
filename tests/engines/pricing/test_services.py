"""Keeping price lists."""

from decimal import Decimal

import pytest

from apps.core.errors import BadInput, NotAllowed, NotFound, StaleWrite
from apps.engines.pricing.errors import PriceListNameTaken
from apps.engines.pricing.models import PriceList, PriceListAssignment
from apps.engines.pricing.services import (
    assign_price_list,
    create_price_list,
    remove_price,
    set_price,
    update_price_list,
)
from tests.factories.actors import actor_for
from tests.factories.catalog import VariantFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return OrganizationFactory(kinds=["distributor"])


@pytest.fixture
def owner(seller):
    return actor_for("owner", seller)


def test_a_list_with_prices_for_a_buyer(owner, seller):
    garage = OrganizationFactory()
    variant = VariantFactory(organization=seller)
    price_list = create_price_list(owner, name="Vàng", discount_percent=Decimal(12))

    set_price(owner, price_list, variant_id=variant.pk, unit_price=Decimal(90_000), min_quantity=Decimal(10))
    item = set_price(owner, price_list, variant_id=variant.pk, unit_price=Decimal(85_000), min_quantity=Decimal(10))
    assign_price_list(owner, price_list, buyer_organization_id=garage.pk)

    assert price_list.items.get().unit_price == 85_000
    remove_price(owner, price_list, item_id=item.pk)
    assert not price_list.items.exists()


def test_a_buyer_has_one_list_of_a_seller(owner):
    garage = OrganizationFactory()
    silver, gold = (create_price_list(owner, name=name) for name in ("Bạc", "Vàng"))

    assign_price_list(owner, silver, buyer_organization_id=garage.pk)
    assign_price_list(owner, gold, buyer_organization_id=garage.pk)

    assert PriceListAssignment.objects.get().price_list == gold


def test_refusals_leave_nothing_behind(owner, seller):
    price_list = create_price_list(owner, name="Vàng")

    with pytest.raises(PriceListNameTaken):
        create_price_list(owner, name="Vàng")
    with pytest.raises(BadInput):
        create_price_list(owner, name="Bạc", discount_percent=Decimal(101))
    with pytest.raises(StaleWrite):
        update_price_list(owner, price_list, version=7, name="Kim cương")
    with pytest.raises(NotFound):
        set_price(owner, price_list, variant_id=VariantFactory().pk, unit_price=Decimal(1))
    with pytest.raises(BadInput):
        assign_price_list(owner, price_list)
    with pytest.raises(NotAllowed):
        create_price_list(actor_for("technician", seller), name="Đồng")

    assert list(PriceList.objects.values_list("name", flat=True)) == ["Vàng"]
    assert not price_list.items.exists()


def test_changing_counts_the_version(owner):
    price_list = create_price_list(owner, name="Vàng")

    changed = update_price_list(owner, price_list, version=1, discount_percent=Decimal(5))

    assert (changed.version, changed.discount_percent) == (2, 5)
