"""Lists: pages of at most 100 rows, ordered by named fields, narrowed by what was given."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import strawberry
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from apps.core.errors import BadInput
from apps.core.graphql.rows import as_peers
from apps.core.ids import parse_id

T = TypeVar("T")
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 100
MOST_VALUES = 100


@strawberry.type(description="One page of a list. `total` counts the whole list, at the price of one more read.")
class Page(Generic[T]):
    items: list[T]
    page: int
    limit: int
    rows: strawberry.Private[Any]

    @strawberry.field
    def total(self) -> int:
        return int(self.rows.count())

    @strawberry.field
    def has_next(self) -> bool:
        return self.has_more  # type: ignore[attr-defined, no-any-return]


def make_page(rows: QuerySet, *, page: int, limit: int) -> Any:
    """The page of an ordered list. Raises BadInput for a page or limit that cannot be."""
    if not 1 <= limit <= MAX_LIMIT:
        raise BadInput(_("A whole number from 1 to %(highest)s is needed.") % {"highest": MAX_LIMIT}, field="limit")
    if not 1 <= page <= LAST_PAGE:
        raise BadInput(_("A whole number from 1 to %(highest)s is needed.") % {"highest": LAST_PAGE}, field="page")
    start = (page - 1) * limit
    found = list(rows[start : start + limit + 1])
    result: Any = Page(items=as_peers(found[:limit]), page=page, limit=limit, rows=rows)
    result.has_more = len(found) > limit
    return result


def order_rows(rows: QuerySet, sort: str, sorts: Mapping[str, str]) -> QuerySet:
    """Ordered by one of `sorts` (name → column), `-` before it for descending. Raises BadInput for another name."""
    name = sort.removeprefix("-")
    if name not in sorts:
        names = ", ".join(sorts)
        raise BadInput(_("Possible: %(names)s.") % {"names": names}, field="sort")
    column = sorts[name]
    return rows.order_by(f"-{column}" if sort.startswith("-") else column, "pk")


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


DEFAULT = DEFAULT_LIMIT
