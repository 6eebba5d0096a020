"""Emptying the business data."""

from django.apps import apps
from django.db import connection

# What migrations and the framework itself put in stays.
KEPT = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
KEPT_ROWS = {
    "organizations_role": "organization_id IS NULL",
    "catalog_taxclass": "true",
    "pricing_taxrate": "true",
}


def empty_database() -> None:
    """Takes every row out of every table but reference data. The append-only ledgers allow it in this transaction."""
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
