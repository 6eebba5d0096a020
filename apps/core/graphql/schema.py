"""One schema out of what the apps offer."""

from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import strawberry
from django.apps import apps
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types


def _write_moment(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


SCALARS: dict[Any, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="ISO 8601 in UTC.",
        serialize=_write_moment,
        parse_value=datetime.fromisoformat,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact number as text.",
        serialize=lambda value: format(value, "f"),
        parse_value=Decimal,
    ),
    date: strawberry.scalar(
        name="Date", description="ISO 8601.", serialize=date.isoformat, parse_value=date.fromisoformat
    ),
}


class Schema(strawberry.Schema):
    """Errors are described and logged by the view."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        return None


def find_modules() -> list[ModuleType]:
    """The `graphql` modules of all apps, lowest layer first."""
    names = [f"{one.name}.graphql" for one in apps.get_app_configs() if one.name.startswith("apps.")]
    return [import_module(name) for name in names if name != "apps.core.graphql" and find_spec(name) is not None]


def build_schema() -> Schema:
    """The schema of all apps. Unknown names are refused without hints at known ones."""
    modules = find_modules()
    queries = tuple(one.Query for one in modules if hasattr(one, "Query"))
    mutations = tuple(one.Mutation for one in modules if hasattr(one, "Mutation"))
    return Schema(
        query=merge_types("Query", queries),
        mutation=merge_types("Mutation", mutations),
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True, sort_schema=True),
    )
