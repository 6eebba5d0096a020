"""What a database holds: tables with counts and checksums, sequences, and the files that its rows name."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# The sum of a hash over each row's text: the order of rows does not matter, a change of one letter does.
_SUM = """
SELECT count(*), coalesce(sum(('x' || substr(md5(row::text), 1, 15))::bit(60)::bigint), 0)::text FROM {table} row
"""


def list_tables(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def read_sums(connection: BaseDatabaseWrapper) -> dict[str, list[Any]]:
    """By table: how many rows, and their checksum."""
    found = {}
    with connection.cursor() as cursor:
        for table in list_tables(connection):
            cursor.execute(_SUM.format(table=connection.ops.quote_name(table)))
            found[table] = list(cursor.fetchone())
    return found


def read_sequences(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """By sequence: the number given last, 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
        )
        return dict(cursor.fetchall())


def list_files(alias: str) -> Iterator[tuple[Any, str]]:
    """Storage and name of every file that a row names, each once."""
    seen = set()
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
        for field in fields:
            names = (
                model._base_manager.using(alias).exclude(**{field.attname: ""}).values_list(field.attname, flat=True)
            )
            for name in names.order_by().distinct().iterator():
                if name and name not in seen:
                    seen.add(name)
                    yield field.storage, name
