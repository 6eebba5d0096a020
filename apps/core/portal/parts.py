"""Small declared parts that screens share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.core.actor import Actor
from apps.core.text import search_key

Search = str | Sequence[str] | Callable[[QuerySet, str], QuerySet]


@dataclass(frozen=True)
class Button:
    """A link on top of a screen. `opens`: page, drawer or dialog."""

    label: Any
    url_name: str
    icon: str = "plus"
    permission: str = ""
    variant: str = "primary"
    opens: str = "page"

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def target(self) -> str:
        return "" if self.opens == "page" else f"#{self.opens}"


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what it is for and what to do first."""

    title: Any
    text: Any = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class BulkAction:
    """Something to do to all chosen rows: `run(actor, rows)` does it and returns what to say."""

    name: str
    label: Any
    run: Callable[[Actor, Sequence[Any]], Any]
    permission: str = ""
    icon: str = "check"
    confirm: Any = ""
    tone: str = "primary"

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)


def find_rows(rows: QuerySet, search: Search | None, text: str) -> QuerySet:
    """The rows that `text` finds: in a search column (every word, accents do not matter), in fields, or by a function."""
    text = text.strip()
    if not text or search is None:
        return rows
    if callable(search):
        return search(rows, text)
    if isinstance(search, str):
        for word in search_key(text).split():
            rows = rows.filter(**{f"{search}__contains": word})
        return rows
    condition = Q()
    for name in search:
        condition |= Q(**{f"{name}__icontains": text})
    return rows.filter(condition)
