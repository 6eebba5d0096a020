"""Where a person's data is: every app says what it holds about somebody, and how it forgets it.

An app registers at start (in its `personal_data` module, which is found by that name):

* `register_own_data(app, collect)`: `collect(user)` gives plain values for the person's download.
* `register_eraser(app, erase, traces=…, check=…)`: `traces(user)` names the texts by which the app's rows show the
  person, `check(user)` raises when they cannot go yet, and `erase(erasure)` overwrites what is personal. All erasers of
  one person run in one transaction, those of a lower `order` first, logs last, the account itself at the very end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model

from apps.platform.accounts.models import User
from apps.platform.accounts.scrubbing import Words

LOGS = 900


@dataclass(frozen=True, slots=True)
class Trace:
    """A name, phone number or email address of the person, and the company whose rows show it (None: the platform's)."""

    text: str
    organization_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an eraser gets: who is forgotten, by which words they are found, and which companies served them.

    `email` and `phone` are those by which they logged in.
    """

    user: User
    words: Words
    email: str
    phone: str
    organization_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Eraser:
    app: str
    erase: Callable[[Erasure], None]
    traces: Callable[[User], Iterable[Trace]] = field(default=lambda _user: ())
    check: Callable[[User], None] = field(default=lambda _user: None)
    order: int = 100


COLLECTORS: dict[str, Callable[[User], Any]] = {}
ERASERS: dict[str, Eraser] = {}
PREPARATIONS: dict[str, Callable[[User], object]] = {}


def register_own_data(app: str, collect: Callable[[User], Any]) -> None:
    """Makes known what `app` holds about a person. Two functions of one app are a fault."""
    if COLLECTORS.setdefault(app, collect) is not collect:
        raise ValueError(f"{app} collects own data twice")


def register_eraser(app: str, erase: Callable[[Erasure], None], **options: Any) -> None:
    """Makes known how `app` forgets a person. Two erasers of one app are a fault."""
    eraser = Eraser(app, erase, **options)
    if ERASERS.setdefault(app, eraser).erase is not erase:
        raise ValueError(f"{app} erases twice")


def register_preparation(app: str, prepare: Callable[[User], object]) -> None:
    """`prepare(user)` runs before data is collected or erased: it ties rows to the person that are plainly theirs."""
    if PREPARATIONS.setdefault(app, prepare) is not prepare:
        raise ValueError(f"{app} prepares twice")


def prepare_for(user: User) -> None:
    """Runs all preparations."""
    for prepare in PREPARATIONS.values():
        prepare(user)


def list_erasers() -> list[Eraser]:
    """In the order in which they run."""
    return sorted(ERASERS.values(), key=lambda one: (one.order, one.app))


def find_traces(user: User) -> list[Trace]:
    """All words by which the person shows in the tables of all apps."""
    return [trace for eraser in list_erasers() for trace in eraser.traces(user) if trace.text]


def describe(row: Any, *names: str) -> dict[str, Any]:
    """The named attributes of a row as plain values; `vehicle.plate` goes through a relation, its last word is the key."""
    return {name.rpartition(".")[2]: _read(row, name) for name in names}


def _read(row: Any, name: str) -> Any:
    value = row
    for word in name.split("."):
        value = getattr(value, word, None)
    return str(value) if isinstance(value, Model) else value
