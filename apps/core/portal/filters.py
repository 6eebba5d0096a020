"""Filters of list screens and boards, kept in the address, shown as chips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.core.portal.columns import capitalize

Apply = Callable[[QuerySet, Any], QuerySet]


@dataclass
class Chip:
    label: Any
    value: Any
    url: str


@dataclass
class Option:
    value: str
    label: Any
    is_on: bool


@dataclass(frozen=True)
class Filter:
    """One filter. `field` is the ORM name (default: `key`); `apply` replaces the plain comparison."""

    key: str
    label: Any
    field: str = ""
    apply: Apply | None = None
    control = "choice"

    @property
    def keys(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (self.key,)

    def options(self, actor: Actor) -> Sequence[tuple[str, Any]]:
        """What can be chosen."""
        return ()

    def read(self, data: QueryDict, actor: Actor) -> Any:
        """The asked value, or None when nothing (valid) is asked."""
        asked = data.getlist(self.key)
        known = {value for value, _label in self.options(actor)} if asked else set()
        return [value for value in asked if value in known] or None

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        """The rows that fit."""
        if self.apply is not None:
            return self.apply(rows, value)
        return rows.filter(**{f"{self.field or self.key}__in": value})

    def chips(self, value: Any, data: QueryDict, actor: Actor) -> list[Chip]:
        """One chip per chosen value, each with the address without it."""
        labels = dict(self.options(actor))
        return [Chip(self.label, capitalize(str(labels[one])), without_value(data, self.key, one)) for one in value]


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """Any of some words."""

    choices: Sequence[tuple[str, Any]] = ()

    def options(self, actor: Actor) -> Sequence[tuple[str, Any]]:
        return self.choices


@dataclass(frozen=True)
class ForeignFilter(Filter):
    """Any of some rows; `choose(actor)` lists them as (id, label)."""

    choose: Callable[[Actor], Sequence[tuple[Any, Any]]] = lambda actor: ()

    def options(self, actor: Actor) -> Sequence[tuple[str, Any]]:
        return [(str(value), label) for value, label in self.choose(actor)]

    def read(self, data: QueryDict, actor: Actor) -> Any:
        asked = [value for value in data.getlist(self.key) if parse_id(value)]
        if not asked:
            return None
        known = {value for value, _label in self.options(actor)}
        return [value for value in asked if value in known] or None


@dataclass(frozen=True)
class BoolFilter(Filter):
    """Only the rows of which it is true; `only(actor)` gives the condition when it is more than a column."""

    only: Callable[[Actor], Q] | None = None
    control = "bool"

    def read(self, data: QueryDict, actor: Actor) -> Any:
        if data.get(self.key) != "1":
            return None
        return self.only(actor) if self.only else Q(**{self.field or self.key: True})

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        return self.apply(rows, value) if self.apply else rows.filter(value)

    def chips(self, value: Any, data: QueryDict, actor: Actor) -> list[Chip]:
        """None: its own switch already looks like one."""
        return []


@dataclass(frozen=True)
class DateRangeFilter(Filter):
    """From one day to another, both included, in the zone of the page."""

    is_moment: bool = True
    control = "dates"

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, data: QueryDict, actor: Actor) -> Any:
        first, last = (_read_day(data.get(key, "")) for key in self.keys)
        return (first, last) if first or last else None

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        if self.apply is not None:
            return self.apply(rows, value)
        first, last = value
        name = self.field or self.key
        if first:
            rows = rows.filter(**{f"{name}__gte": start_of_day(first) if self.is_moment else first})
        if last and self.is_moment:
            return rows.filter(**{f"{name}__lt": start_of_day(last + timedelta(days=1))})
        return rows.filter(**{f"{name}__lte": last}) if last else rows

    def chips(self, value: Any, data: QueryDict, actor: Actor) -> list[Chip]:
        words = [date_format(day, "d/m/Y") if day else "…" for day in value]
        text = words[0] if words[0] == words[1] else " – ".join(words)
        return [Chip(self.label, text, without_keys(data, *self.keys))]


@dataclass
class BoundFilter:
    """A filter as the page shows it."""

    filter: Filter
    value: Any
    options: list[Option]
    values: dict[str, str]

    @property
    def is_on(self) -> bool:
        return self.value is not None


def bind_filters(filters: Sequence[Filter], data: QueryDict, actor: Actor) -> list[BoundFilter]:
    """The filters with what the address asks of them."""
    bound = []
    for one in filters:
        asked = set(data.getlist(one.key))
        options = [Option(value, capitalize(str(label)), value in asked) for value, label in one.options(actor)]
        values = {key.removeprefix(f"{one.key}_"): data.get(key, "") for key in one.keys}
        bound.append(BoundFilter(one, one.read(data, actor), options, values))
    return bound


def without_keys(data: QueryDict, *keys: str) -> str:
    """The query without some keys, from page one."""
    kept = data.copy()
    for key in (*keys, "page"):
        kept.pop(key, None)
    return f"?{kept.urlencode()}"


def without_value(data: QueryDict, key: str, value: str) -> str:
    """The query without one value of a key, from page one."""
    kept = data.copy()
    kept.pop("page", None)
    kept.setlist(key, [one for one in kept.getlist(key) if one != value])
    return f"?{kept.urlencode()}"


def _read_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def start_of_day(day: date) -> datetime:
    """Midnight in the zone of the page."""
    return timezone.make_aware(datetime.combine(day, time.min))
