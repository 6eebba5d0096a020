"""The query string of a list, read strictly: what is not declared is refused, never ignored."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.core.api.errors import UnreadableInput
from apps.core.errors import BadInput

OPERATORS = ("eq", "ne", "in", "gt", "gte", "lt", "lte", "contains", "isnull")
LIST_PARAMETERS = ("page", "limit", "sort", "order", "search", "fields", "include")
CURSOR_PARAMETERS = ("cursor", "limit", "search", "fields", "include")
DETAIL_PARAMETERS = ("fields", "include")
_FILTER = re.compile(r"^filter\[(\w+)\](?:\[(\w+)\])?$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Condition:
    """`filter[createdAt][gte]=2025-01-01` as parts; `parameter` is how the caller wrote it."""

    name: str
    operator: str
    text: str
    parameter: str


@dataclass(slots=True)
class ListQuery:
    conditions: list[Condition] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def names(self, parameter: str) -> list[str]:
        """The comma-separated names of `fields=` or `include=`."""
        return [name.strip() for name in self.get(parameter).split(",") if name.strip()]


def refuse(parameter: str, text: str) -> BadInput:
    return UnreadableInput(text, field=parameter, errors={parameter: [text]})


def parse_query(
    params: QueryDict, *, known: Iterable[str], filters: Mapping[str, Iterable[str]] | None = None
) -> ListQuery:
    """Raises BadInput for a parameter, filter or operator that is not declared, given twice or unreadable."""
    allowed = set(known)
    query = ListQuery()
    for key, values in params.lists():
        text = _single(key, values)
        if key in allowed:
            query.values[key] = text
        elif match := _FILTER.match(key):
            query.conditions.append(_condition(key, match, text, filters or {}))
        else:
            raise refuse(key, _("Unknown parameter “%(name)s”.") % {"name": key[:60]})
    return query


def _single(key: str, values: list[Any]) -> str:
    if len(values) > 1:
        raise refuse(key[:60], _("“%(name)s” is given more than once.") % {"name": key[:60]})
    text = str(values[0])
    if len(text) > _LONGEST or _CONTROL.search(text) or _CONTROL.search(key):
        raise refuse(_CONTROL.sub("", key)[:60], _("This value cannot be read."))
    return text


def _condition(key: str, match: re.Match[str], text: str, filters: Mapping[str, Iterable[str]]) -> Condition:
    name, operator = match[1], match[2] or "eq"
    if name not in filters:
        possible = ", ".join(filters) or "–"
        raise refuse(key, _("Unknown filter “%(name)s”. Possible: %(names)s.") % {"name": name, "names": possible})
    if operator not in filters[name]:
        possible = ", ".join(filters[name])
        raise refuse(
            key, _("Unknown operator “%(name)s”. Possible: %(names)s.") % {"name": operator, "names": possible}
        )
    return Condition(name, operator, text, key)
