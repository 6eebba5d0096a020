"""The proof over the ledger finds what is off, and only that."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.engines.inventory.models import StockLevel
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import ReserveLine, Source, reserve_stock
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def level() -> StockLevel:
    warehouse = WarehouseFactory()
    variant = VariantFactory(organization=warehouse.organization)
    put_stock(variant, warehouse, 3, unit_cost=Decimal("33.3333"))
    level = put_stock(variant, warehouse, 4, unit_cost=Decimal("41.25"))
    line = ReserveLine(variant.pk, warehouse.pk, Decimal(2), uuid7())
    reserve_stock(system_actor(warehouse.organization_id), [line], source=Source("test.document", uuid7()))
    return level


def plant(statement, *values):
    """Writes past every guard, as a broken restore or a person with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


FAULTS = [
    ("UPDATE inventory_stocklevel SET on_hand = on_hand + 1", "on_hand_is_sum_of_movements", "7.000", "8.000"),
    ("UPDATE inventory_stocklevel SET reserved = 0", "reserved_is_sum_of_reservations", "2.000", "0.000"),
    ("UPDATE inventory_stocklevel SET average_cost = 40", "value_is_on_hand_at_average_cost", "265.00", "280.00"),
    (
        "UPDATE inventory_stockmovement SET balance_after = 8 WHERE balance_after = 7",
        "balance_follows_the_movement_before",
        "7.000",
        "8.000",
    ),
]


def test_sound_stock_has_no_fault(level):
    assert verify_stock() == verify_stock(level.organization_id) == []
    out = StringIO()
    call_command("verify_stock", stdout=out)
    assert out.getvalue() == "stock adds up\n"


@pytest.mark.parametrize(("statement", "rule", "expected", "found"), FAULTS)
def test_a_planted_fault_is_named(level, statement, rule, expected, found):
    plant(statement)

    faults = {fault.rule: fault for fault in verify_stock()}

    assert (faults[rule].level_id, faults[rule].expected, faults[rule].found) == (level.pk, expected, found)
    assert verify_stock(uuid7()) == []
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_stock", stderr=errors)
    assert rule in errors.getvalue()


def test_a_movement_in_another_place_is_named(level):
    other = VariantFactory(organization=level.organization)
    plant("UPDATE inventory_stockmovement SET variant_id = %s WHERE balance_after = 7", other.pk)

    [fault] = verify_stock()

    assert fault.rule == "movement_in_the_place_of_its_level"
    assert str(other.pk) in fault.found


def test_a_lost_movement_is_found(level):
    plant("DELETE FROM inventory_stockmovement WHERE balance_after = 3")

    assert {fault.rule for fault in verify_stock()} == {
        "on_hand_is_sum_of_movements",
        "balance_follows_the_movement_before",
        "value_is_on_hand_at_average_cost",
    }
