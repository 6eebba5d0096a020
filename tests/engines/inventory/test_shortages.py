"""Stock that runs low is noticed once, and those who look after it are told."""

from decimal import Decimal

import pytest

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.core.testing.relay import run_relay
from apps.engines.inventory.models import StockLevel, StockShortage
from apps.engines.inventory.services import (
    ReserveLine,
    Source,
    change_level,
    move_stock,
    release_reservations,
    reserve_stock,
)
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery, Notification
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db


class Shop:
    """Twenty of one article, to be ordered again at ten."""

    def __init__(self):
        self.organization = OrganizationFactory(kinds=["garage"])
        self.branch = BranchFactory(organization=self.organization)
        self.warehouse = WarehouseFactory(organization=self.organization, branch=self.branch, name="Kho chính")
        self.actor = system_actor(self.organization.pk)
        self.source = Source("test.document", uuid7(), "DOC-1")
        self.variant = self.add(VariantFactory(organization=self.organization))

    def add(self, variant):
        self.move(20, variant)
        StockLevel.objects.filter(variant=variant).update(reorder_point=10)
        return variant

    def move(self, quantity, variant=None):
        move_stock(
            self.actor,
            variant_id=(variant or self.variant).pk,
            warehouse_id=self.warehouse.pk,
            quantity=Decimal(quantity),
            kind="adjustment",
            source=self.source,
        )

    def reserve(self, quantity, *variants):
        lines = [
            ReserveLine(one.pk, self.warehouse.pk, Decimal(quantity), uuid7()) for one in variants or [self.variant]
        ]
        return reserve_stock(self.actor, lines, source=self.source)

    def told(self):
        return list(
            OutboxEvent.objects.filter(name="inventory.stock_low")
            .order_by("id")
            .values_list("payload__variant_ids", flat=True)
        )


@pytest.fixture
def shop():
    return Shop()


def test_one_above_the_point_is_enough_and_at_the_point_it_is_told(shop):
    shop.move(-9)
    assert (shop.told(), StockShortage.objects.count()) == ([], 0)
    shop.move(-1)
    assert shop.told() == [[str(shop.variant.pk)]]
    assert StockShortage.objects.get().level.variant_id == shop.variant.pk


def test_falling_further_and_wavering_is_not_told_again(shop):
    shop.move(-10)
    for quantity in (-3, 1, -1, 5, -5, 3, -2):
        shop.move(quantity)
    assert len(shop.told()) == 1


def test_told_again_after_there_was_clearly_more(shop):
    shop.move(-10)
    shop.move(2)
    shop.move(-2)
    assert len(shop.told()) == 1
    shop.move(3)
    assert StockShortage.objects.count() == 0
    shop.move(-3)
    assert len(shop.told()) == 2


def test_promised_goods_do_not_count_as_free(shop):
    shop.reserve(10)
    assert len(shop.told()) == 1
    release_reservations(shop.actor, source=shop.source)
    assert StockShortage.objects.count() == 0


def test_a_raised_point_is_told_and_one_of_zero_never_reminds(shop):
    level = StockLevel.objects.get()
    level = change_level(shop.actor, level, reorder_point=Decimal(20))
    assert len(shop.told()) == 1
    change_level(shop.actor, level, reorder_point=Decimal(0))
    assert StockShortage.objects.count() == 0
    shop.move(-20)
    assert len(shop.told()) == 1


def test_one_message_for_all_that_one_document_used_up(shop):
    second = shop.add(VariantFactory(organization=shop.organization))
    shop.reserve(15, shop.variant, second)
    assert [sorted(ids) for ids in shop.told()] == [sorted([str(shop.variant.pk), str(second.pk)])]


def test_those_who_take_goods_in_are_told_in_their_branch(shop):
    keeper = MembershipFactory(organization=shop.organization, branch=shop.branch, role=role("store_keeper")).user
    elsewhere = BranchFactory(organization=shop.organization)
    MembershipFactory(organization=shop.organization, branch=elsewhere, role=role("store_keeper"))
    MembershipFactory(organization=shop.organization, branch=shop.branch, role=role("technician"))
    MembershipFactory(role=role("store_keeper"))
    shop.move(-12)
    run_relay()
    bell = Notification.objects.get()
    assert (bell.user, bell.type, bell.url) == (keeper, "stock.low", "/garage/stock/")
    assert bell.title == f"Sắp hết hàng: {shop.variant.product}"
    assert f"({shop.variant.sku}): 8 / 10" in bell.body
    letter = Delivery.objects.get()
    assert (letter.channel, letter.address) == ("email", keeper.email)
    run_relay()
    assert Notification.objects.count() == 1
