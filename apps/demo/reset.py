"""Emptying the business data."""

from collections.abc import Iterable
from functools import partial

from django.apps import apps
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, transaction

from apps.demo.pictures import FOLDERS
from apps.platform.files.models import StoredFile

# What migrations and the framework itself put in stays.
KEPT = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
KEPT_ROWS = {
    "organizations_role": "organization_id IS NULL",
    "catalog_taxclass": "true",
    "pricing_taxrate": "true",
    # The job that is just emptying the database.
    "system_jobrun": "name = 'demo.reset' AND state = 'running' AND user_id IS NULL AND organization_id IS NULL",
}


def empty_database() -> None:
    """Takes every row out of every table but reference data. The append-only ledgers allow it in this transaction.

    What was uploaded goes from the storage after the commit; pictures of the demo itself stay for the next load.
    """
    transaction.on_commit(partial(_forget, _uploaded()))
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    gone = sorted({table for table in tables if table not in KEPT})
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL baylink.truncate = 'on'")
        for table, condition in KEPT_ROWS.items():
            cursor.execute(f"CREATE TEMP TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table} WHERE {condition}")  # noqa: S608
        cursor.execute(f"TRUNCATE {', '.join(map(quote, gone))} RESTART IDENTITY CASCADE")
        for table in KEPT_ROWS:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
            cursor.execute(f"DROP TABLE kept_{table}")
        # Its worker could not say for a while that it lives.
        cursor.execute("UPDATE system_jobrun SET heartbeat_at = now() + interval '30 minutes'")


def _uploaded() -> list[str]:
    rows = StoredFile.objects.values_list("file", "thumbnail")
    return [name for row in rows for name in row if name and not name.startswith(FOLDERS)]


def _forget(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
    cache.clear()
