"""Lists: connections with `edges`, `pageInfo` and `totalCount`, read by cursors in the order of named fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import strawberry
from django.utils.translation import gettext as _
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument

from apps.core.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from apps.core.errors import BadInput
from apps.core.graphql.rows import as_peers
from apps.core.keyset import Keyset

T = TypeVar("T")


@dataclass
class Window:
    """A part of a list; read when the first of its rows is asked for."""

    place: Keyset
    part: Keyset
    size: int
    backwards: bool
    # Whether the part begins behind, or ends in front of, a row of the list.
    is_behind: bool
    is_in_front: bool

    @cached_property
    def _read(self) -> tuple[list[Any], bool]:
        found, has_more = (self.part.last if self.backwards else self.part.first)(self.size)
        return as_peers(found), has_more

    @property
    def rows(self) -> list[Any]:
        return self._read[0]

    @property
    def has_next(self) -> bool:
        return self.is_in_front if self.backwards else self._read[1]

    @property
    def has_previous(self) -> bool:
        return self._read[1] if self.backwards else self.is_behind


@strawberry.type
class PageInfo:
    """Where the shown rows stand in the list; the cursors are null when there are none."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    node: T
    place: strawberry.Private[Keyset]

    @strawberry.field
    def cursor(self) -> str:
        return self.place.cursor_of(self.node)


@strawberry.type(description="A part of a list. `totalCount` counts the whole list, at the price of one more read.")
class Connection(Generic[T]):
    window: strawberry.Private[Window]

    @strawberry.field
    def edges(self) -> list[Edge[T]]:
        return [Edge(node=row, place=self.window.place) for row in self.window.rows]

    @strawberry.field
    def page_info(self) -> PageInfo:
        rows, cursor_of = self.window.rows, self.window.place.cursor_of
        return PageInfo(
            has_next_page=self.window.has_next,
            has_previous_page=self.window.has_previous,
            start_cursor=cursor_of(rows[0]) if rows else None,
            end_cursor=cursor_of(rows[-1]) if rows else None,
        )

    @strawberry.field
    def total_count(self) -> int:
        return int(self.window.place.rows.count())


class Connected(FieldExtension):
    """Makes a connection of the rows that a resolver returns, sorted by one of `sorts` (name → column).

    Adds the arguments `sort` (`-` before the name for descending), `first` or `last`, `after` and `before`.
    """

    def __init__(self, sorts: Mapping[str, str], *, default: str = "-createdAt") -> None:
        self.sorts = sorts
        self.default = default

    def apply(self, field: Any) -> None:
        text = StrawberryAnnotation(str | None)
        number = StrawberryAnnotation(int | None)
        field.arguments = [
            *field.arguments,
            StrawberryArgument("sort", None, StrawberryAnnotation(str), default=self.default),
            StrawberryArgument("first", None, number, default=None),
            StrawberryArgument("after", None, text, default=None),
            StrawberryArgument("last", None, number, default=None),
            StrawberryArgument("before", None, text, default=None),
        ]

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        asked = {name: kwargs.pop(name, None) for name in ("first", "after", "last", "before")}
        column, descending = self._order(kwargs.pop("sort", self.default))
        rows = next_(source, info, **kwargs)
        place = Keyset(rows, column, descending)
        return Connection(window=_open(place, **asked))

    def _order(self, sort: str) -> tuple[str, bool]:
        name = sort.removeprefix("-")
        if name not in self.sorts:
            raise BadInput(_("Possible: %(names)s.") % {"names": ", ".join(self.sorts)}, field="sort")
        return self.sorts[name], sort.startswith("-")


def _open(place: Keyset, *, first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The asked part. Raises BadInput for sizes and cursors that cannot be."""
    if first is not None and last is not None:
        raise BadInput(_("Either `first` or `last` can be given."), field="last")
    backwards = last is not None
    size = last if last is not None else DEFAULT_LIMIT if first is None else first
    if not 1 <= size <= MAX_LIMIT:
        text = _("A whole number from 1 to %(highest)s is needed.") % {"highest": MAX_LIMIT}
        raise BadInput(text, field="last" if backwards else "first")
    part = place
    if after is not None:
        part = part.after(after, field="after")
    if before is not None:
        part = part.before(before, field="before")
    return Window(
        place=place,
        part=part,
        size=size,
        backwards=backwards,
        is_behind=after is not None,
        is_in_front=before is not None,
    )
