"""What questions look for: rows that meet a filter or a search, or the one with an id."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from apps.core.errors import BadInput
from apps.core.graphql.rows import as_peers
from apps.core.ids import parse_id

LONGEST_SEARCH = 100
MOST_VALUES = 100


def narrow(rows: QuerySet, given: Any, lookups: Mapping[str, str]) -> QuerySet:
    """Only rows that meet what the filter `given` says; `lookups` maps its fields to columns. None asks for nothing."""
    for name, lookup in lookups.items():
        value = getattr(given, name, None)
        if value is None:
            continue
        if isinstance(value, list) and len(value) > MOST_VALUES:
            raise BadInput(field=name)
        wanted = parse_id(value) if isinstance(value, str) and lookup.endswith("_id") else value
        if wanted is None:
            return rows.none()
        rows = rows.filter(**{lookup: wanted})
    return rows


def check_search(text: str) -> str:
    """The words to look for; raises BadInput for a text that is no search."""
    if len(text) > LONGEST_SEARCH or "\x00" in text:
        raise BadInput(field="search")
    return text.strip()


def find_one(rows: QuerySet, row_id: str) -> Any:
    """The row with this id, or None for a missing, foreign or misspelt one alike."""
    key = parse_id(row_id)
    row = rows.filter(pk=key).first() if key else None
    return as_peers([row])[0] if row is not None else None
