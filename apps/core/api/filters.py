"""Applies declared filters, sorting and search to a queryset."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.api.names import snake
from apps.core.api.query import Condition, ListQuery, refuse
from apps.core.api.values import field_at, is_bare_day, parse_boolean, parse_moment, parser_of
from apps.core.text import search_key

Source = str | Callable[[QuerySet, str, str], QuerySet]
_LOOKUPS = {
    "eq": "exact",
    "in": "in",
    "gt": "gt",
    "gte": "gte",
    "lt": "lt",
    "lte": "lte",
    "contains": "icontains",
    "isnull": "isnull",
}
_MOST_VALUES = 100
_ONE_DAY = datetime.timedelta(days=1)


def apply_filters(queryset: QuerySet, query: ListQuery, sources: Mapping[str, Source]) -> QuerySet:
    """All conditions, joined by "and"; raises BadInput for a value that does not fit its column."""
    for condition in query.conditions:
        source = sources.get(condition.name, snake(condition.name))
        if callable(source):
            queryset = source(queryset, condition.operator, condition.text)
        else:
            queryset = queryset.filter(build_condition(queryset, source, condition))
    return queryset


def build_condition(queryset: QuerySet, source: str, condition: Condition) -> Q:
    field = field_at(queryset.model, source)
    try:
        lookup, value = _read(field, condition)
    except (ValueError, OverflowError) as error:
        raise refuse(condition.parameter, _("“%(value)s” is no possible value.") % {"value": condition.text}) from error
    found = Q(**{f"{source}__{lookup}": value})
    return ~found if condition.operator == "ne" else found


def _read(field: Field | None, condition: Condition) -> tuple[str, Any]:
    operator, text = condition.operator, condition.text
    if operator == "isnull":
        return "isnull", parse_boolean(text)
    if operator == "contains":
        return "icontains", text
    parse = parser_of(field)
    if operator == "in":
        values = [parse(part.strip()) for part in text.split(",")]
        if len(values) > _MOST_VALUES:
            raise ValueError(text)
        return ("overlap" if isinstance(field, ArrayField) else "in"), values
    if isinstance(field, ArrayField):
        return "contains", [parse(text)]
    if parse is parse_moment and is_bare_day(text) and operator in ("lte", "gt"):
        # A bare day means the whole day: up to its end, or after it.
        return ("lt" if operator == "lte" else "gte"), parse_moment(text) + _ONE_DAY
    return _LOOKUPS.get(operator, "exact"), parse(text)


def apply_sort(queryset: QuerySet, query: ListQuery, sorts: Sequence[str], sources: Mapping[str, Source]) -> QuerySet:
    """`sort` and `order`, with the id as last word so that pages never overlap."""
    name, order = query.get("sort"), query.get("order")
    if order not in ("", "asc", "desc"):
        raise refuse("order", _("“%(value)s” is no possible value.") % {"value": order})
    if not name:
        if order:
            raise refuse("order", _("“order” needs “sort”."))
        return queryset if queryset.ordered else queryset.order_by("-pk")
    if name not in sorts:
        possible = ", ".join(sorts) or "–"
        raise refuse("sort", _("Unknown sorting “%(name)s”. Possible: %(names)s.") % {"name": name, "names": possible})
    source = sources.get(name, snake(name))
    column = source if isinstance(source, str) else snake(name)
    sign = "-" if order == "desc" else ""
    return queryset.order_by(f"{sign}{column}", f"{sign}pk")


def apply_search(
    queryset: QuerySet, query: ListQuery, search: "str | Sequence[str] | Callable[[QuerySet, str], QuerySet] | None"
) -> QuerySet:
    """By a function, by a search column in which every word must occur (accents and case aside), or by any of some fields."""
    text = query.get("search").strip()
    if not text:
        return queryset
    if callable(search):
        return search(queryset, text)
    if isinstance(search, str):
        for word in search_key(text).split()[:10]:
            queryset = queryset.filter(**{f"{search}__contains": word})
        return queryset
    found = Q()
    for name in search or ():
        found |= Q(**{f"{name}__icontains": text})
    return queryset.filter(found)
