"""Moving, promising, using up and giving back stock."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.core.actor import Actor, ActorKind, system_actor
from apps.core.clock import now
from apps.core.errors import NotAllowed, NotFound
from apps.core.ids import uuid7
from apps.engines.inventory.errors import NotEnoughStock, ReasonMissing, ReservationMissing, WrongWarehouse
from apps.engines.inventory.models import StockLevel, StockMovement, StockReservation, Warehouse
from apps.engines.inventory.services import (
    ReserveLine,
    Source,
    adjust_stock,
    change_level,
    consume_reservation,
    move_stock,
    receive_stock,
    release_expired_reservations,
    release_reservations,
    reserve_stock,
    return_stock,
)
from apps.platform.events.models import OutboxEvent
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import BranchFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


class Shop:
    """A company with one warehouse and one article."""

    def __init__(self) -> None:
        self.organization = OrganizationFactory()
        self.branch = BranchFactory(organization=self.organization)
        self.warehouse = WarehouseFactory(organization=self.organization, branch=self.branch)
        self.variant = VariantFactory(organization=self.organization, cost=Decimal(50_000))
        self.actor = system_actor(self.organization.pk)
        self.source = Source("test.document", uuid7(), "DOC-1")

    def level(self) -> StockLevel:
        return StockLevel.objects.get(variant=self.variant, warehouse=self.warehouse)

    def move(self, quantity, **options) -> StockMovement:
        options = {"kind": "adjustment", "source": self.source} | options
        return move_stock(
            self.actor,
            variant_id=self.variant.pk,
            warehouse_id=self.warehouse.pk,
            quantity=Decimal(quantity),
            **options,
        )

    def line(self, quantity, variant=None) -> ReserveLine:
        return ReserveLine((variant or self.variant).pk, self.warehouse.pk, Decimal(quantity), uuid7())


@pytest.fixture
def shop() -> Shop:
    return Shop()


class TestMoving:
    def test_incoming_goods_blend_into_the_average(self, shop):
        shop.move(10, unit_cost=Decimal(100_000), kind="purchase")
        movement = shop.move(5, unit_cost=Decimal(130_000), kind="purchase")

        assert (movement.balance_after, movement.value, movement.unit_cost) == (
            Decimal(15),
            Decimal(650_000),
            Decimal(130_000),
        )
        assert (shop.level().on_hand, shop.level().average_cost) == (Decimal(15), Decimal(110_000))

    def test_average_is_exact_to_four_decimals(self, shop):
        shop.move(3, unit_cost=Decimal("33.3333"), kind="purchase")
        shop.move(4, unit_cost=Decimal("41.25"), kind="purchase")

        assert shop.level().average_cost == Decimal("37.8571")  # (99.9999 + 165) / 7 = 37.857128…

    def test_outgoing_goods_leave_at_the_average(self, shop):
        shop.move(3, unit_cost=Decimal("33.3333"), kind="purchase")
        movement = shop.move(-1, unit_cost=Decimal(999))

        assert (movement.unit_cost, movement.value, movement.balance_after) == (
            Decimal("33.3333"),
            Decimal("-33.33"),
            Decimal(2),
        )
        assert shop.level().average_cost == Decimal("33.3333")

    def test_the_last_one_takes_the_last_value(self, shop):
        shop.move(3, unit_cost=Decimal("33.3333"), kind="purchase")
        for _ in range(3):
            shop.move(-1)

        assert sum(StockMovement.objects.values_list("value", flat=True)) == 0
        assert shop.level().on_hand == 0

    def test_never_below_what_is_free(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [shop.line(2)], source=shop.source)

        with pytest.raises(NotEnoughStock) as refusal:
            shop.move(-4)

        assert refusal.value.details["lines"] == [
            {"variant_id": str(shop.variant.pk), "requested": "4", "available": "3.000"}
        ]
        assert shop.level().on_hand == 5
        assert StockMovement.objects.count() == 1

    def test_same_key_moves_once(self, shop):
        first = shop.move(4, dedupe_key="delivery-1")
        second = shop.move(4, dedupe_key="delivery-1")

        assert second.pk == first.pk
        assert shop.level().on_hand == 4

    def test_not_into_another_companys_warehouse(self, shop):
        foreign = WarehouseFactory()

        with pytest.raises(WrongWarehouse):
            move_stock(
                shop.actor,
                variant_id=shop.variant.pk,
                warehouse_id=foreign.pk,
                quantity=Decimal(1),
                kind="purchase",
                source=shop.source,
            )

        assert not StockLevel.objects.exists()

    def test_unknown_article(self, shop):
        with pytest.raises(NotFound):
            move_stock(
                shop.actor,
                variant_id=uuid7(),
                warehouse_id=shop.warehouse.pk,
                quantity=Decimal(1),
                kind="purchase",
                source=shop.source,
            )

    def test_tells_the_branch_and_those_who_wait(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)

        told = {row.name: row for row in OutboxEvent.objects.all()}
        assert told["inventory.stock_changed"].topics == [f"inventory:{shop.branch.pk}"]
        assert told["inventory.stock_arrived"].payload["variant_ids"] == [str(shop.variant.pk)]

    def test_receiving_needs_the_right(self, shop):
        technician = Actor(kind=ActorKind.USER, organization_id=shop.organization.pk, permissions=frozenset())

        with pytest.raises(NotAllowed):
            receive_stock(
                technician,
                variant_id=shop.variant.pk,
                warehouse_id=shop.warehouse.pk,
                quantity=Decimal(1),
                unit_cost=Decimal(1),
                source=shop.source,
            )

        assert not StockMovement.objects.exists()

    def test_goods_come_back_at_the_cost_at_which_they_left(self, shop):
        put_stock(shop.variant, shop.warehouse, 2, unit_cost=100)
        shop.move(-2, kind="job_card")
        put_stock(shop.variant, shop.warehouse, 1, unit_cost=400)

        back = return_stock(
            shop.actor,
            variant_id=shop.variant.pk,
            warehouse_id=shop.warehouse.pk,
            quantity=Decimal(1),
            source=shop.source,
        )

        assert (back.unit_cost, back.kind, shop.level().average_cost) == (Decimal(100), "return_in", Decimal(250))


class TestTheDatabaseHasTheLastWord:
    def test_level_is_not_written_directly(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)

        for change in ({"on_hand": 50}, {"reserved": 1}, {"average_cost": 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                StockLevel.objects.update(**change)

        assert (shop.level().on_hand, shop.level().reserved) == (5, 0)

    def test_level_does_not_start_with_stock(self, shop):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockLevel.objects.create(
                organization=shop.organization, warehouse=shop.warehouse, variant=shop.variant, on_hand=5
            )

    def test_limits_of_a_level_are_free(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)

        assert StockLevel.objects.update(reorder_point=3) == 1

    def test_ledger_is_never_changed(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)

        with pytest.raises(IntegrityError), transaction.atomic():
            StockMovement.objects.update(quantity=6)
        with pytest.raises(IntegrityError), transaction.atomic():
            StockMovement.objects.all().delete()

    def test_movement_belongs_to_its_level(self, shop):
        level = put_stock(shop.variant, shop.warehouse, 5)
        other = WarehouseFactory(organization=shop.organization)

        with pytest.raises(IntegrityError), transaction.atomic():
            StockMovement.objects.create(
                organization=shop.organization,
                warehouse=other,
                variant=shop.variant,
                level=level,
                kind="purchase",
                quantity=1,
                unit_cost=1,
                value=0,
                balance_after=0,
                effective_at=now(),
            )


class TestReserving:
    def test_promises_without_moving(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)

        [result] = reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)

        assert (result.line_id, result.reserved, result.missing) == (line.line_id, 3, 0)
        assert (shop.level().on_hand, shop.level().reserved, shop.level().available) == (5, 3, 2)

    def test_all_lines_or_none(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        absent = VariantFactory(organization=shop.organization)
        lines = [shop.line(3), shop.line(4), shop.line(1, absent)]

        with pytest.raises(NotEnoughStock) as refusal:
            reserve_stock(shop.actor, lines, source=shop.source)

        assert [(line["line_id"], line["requested"], line["available"]) for line in refusal.value.details["lines"]] == [
            (str(lines[1].line_id), "4", "2.000"),
            (str(lines[2].line_id), "1", "0"),
        ]
        assert shop.level().reserved == 0
        assert not StockReservation.objects.exists()

    def test_partly_when_asked(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        absent = VariantFactory(organization=shop.organization)

        results = reserve_stock(
            shop.actor, [shop.line(3), shop.line(4), shop.line(1, absent)], source=shop.source, partial=True
        )

        assert [(result.reserved, result.missing) for result in results] == [(3, 0), (2, 2), (0, 1)]
        assert results[2].reservation_id is None
        assert shop.level().reserved == 5

    def test_consuming_takes_out_what_was_promised(self, shop):
        put_stock(shop.variant, shop.warehouse, 5, unit_cost=700)
        reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)

        movement = consume_reservation(
            shop.actor, line_id=line.line_id, quantity=Decimal(2), kind="job_card", source=shop.source
        )

        assert (movement.quantity, movement.unit_cost, movement.source_id) == (-2, 700, shop.source.id)
        assert (shop.level().on_hand, shop.level().reserved) == (3, 1)
        assert StockReservation.objects.get().state == "active"

    def test_consuming_more_than_promised(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)

        with pytest.raises(ReservationMissing):
            consume_reservation(shop.actor, line_id=line.line_id, quantity=Decimal(4), kind="sale", source=shop.source)

        assert (shop.level().on_hand, shop.level().reserved) == (5, 3)

    def test_same_key_consumes_once(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)
        arguments = {"line_id": line.line_id, "quantity": Decimal(2), "kind": "sale", "source": shop.source}

        first = consume_reservation(shop.actor, **arguments, dedupe_key="ship-1")
        second = consume_reservation(shop.actor, **arguments, dedupe_key="ship-1")

        assert first.pk == second.pk
        assert shop.level().on_hand == 3

    def test_releasing_gives_back_the_rest(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)
        consume_reservation(shop.actor, line_id=line.line_id, quantity=Decimal(1), kind="sale", source=shop.source)

        assert release_reservations(shop.actor, source=shop.source) == 2
        assert release_reservations(shop.actor, line_id=line.line_id) == 0
        assert (shop.level().on_hand, shop.level().reserved) == (4, 0)
        assert StockReservation.objects.get().state == "consumed"

    def test_releasing_a_part(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [line := shop.line(3)], source=shop.source)

        assert release_reservations(shop.actor, line_id=line.line_id, quantity=Decimal(1)) == 1
        assert shop.level().reserved == 2

    def test_expired_promises_are_given_back(self, shop):
        put_stock(shop.variant, shop.warehouse, 5)
        reserve_stock(shop.actor, [shop.line(3)], source=shop.source, expires_at=now())
        reserve_stock(shop.actor, [shop.line(1)], source=Source("test.other", uuid7()))

        assert release_expired_reservations() == 1
        assert release_expired_reservations() == 0
        assert shop.level().reserved == 1


class TestAdjusting:
    def test_needs_a_reason(self, shop):
        with pytest.raises(ReasonMissing):
            adjust_stock(
                shop.actor, variant_id=shop.variant.pk, warehouse_id=shop.warehouse.pk, quantity=Decimal(1), reason="  "
            )

        assert not StockMovement.objects.exists()

    def test_found_goods_are_worth_their_standard_cost(self, shop):
        movement = adjust_stock(
            shop.actor,
            variant_id=shop.variant.pk,
            warehouse_id=shop.warehouse.pk,
            quantity=Decimal(2),
            reason="Kiểm kê",
        )

        assert (movement.unit_cost, movement.value) == (50_000, 100_000)

    def test_a_stranger_finds_nothing(self, shop):
        stranger = system_actor(OrganizationFactory().pk)

        with pytest.raises(NotFound):
            adjust_stock(
                stranger, variant_id=shop.variant.pk, warehouse_id=shop.warehouse.pk, quantity=Decimal(2), reason="x"
            )

    def test_another_quantity_becomes_an_adjustment(self, shop):
        level = put_stock(shop.variant, shop.warehouse, 5)

        level = change_level(shop.actor, level, on_hand=Decimal(3), reorder_point=Decimal(2), reason="Đếm lại")

        assert (level.on_hand, level.reorder_point) == (3, 2)
        movement = StockMovement.objects.first()
        assert (movement.kind, movement.quantity, movement.reason) == ("adjustment", -2, "Đếm lại")

    def test_same_quantity_moves_nothing(self, shop):
        level = put_stock(shop.variant, shop.warehouse, 5)

        change_level(shop.actor, level, on_hand=Decimal(5))

        assert StockMovement.objects.count() == 1


def test_warehouses_of_other_branches_do_not_exist(shop):
    keeper = Actor(
        kind=ActorKind.USER,
        organization_id=shop.organization.pk,
        branch_ids=frozenset({uuid7()}),
        permissions=frozenset(),
    )

    assert not Warehouse.objects.visible_to(keeper).exists()
