"""The tables can be made, and the ledgers refuse change."""

import pytest
from django.core.management import call_command
from django.db import connection

LEDGERS = [
    "audit_auditlog",
    "inventory_stockmovement",
    "payments_moneymovement",
    "workshop_estimatedecision",
    "workshop_qualitycheck",
]


@pytest.mark.django_db
def test_no_model_change_is_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("table", LEDGERS)
def test_ledgers_carry_their_triggers(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE '%%append_only%%'", [table]
        )
        assert cursor.fetchone() == (2,)
