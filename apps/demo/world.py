"""What every part of the demo world shares: the dice, the day, ids in the order of time, and rows written by COPY."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Field, FileField, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

M = TypeVar("M", bound=Model)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 20_260_101
DAYS = 365


class Ids:
    """UUIDv7 of moments in the past, each greater than the one before."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._last = 0

    def at(self, moment: datetime) -> UUID:
        tick = max(int(moment.timestamp() * 1000) << 12, self._last + 1)
        self._last = tick
        value = (tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62
        return UUID(int=value | self._dice.getrandbits(62))


class Rows:
    """Rows to be written, by table in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Any]] = defaultdict(list)

    def add(self, row: Model) -> None:
        self._waiting[type(row)].append(row)

    def jot(self, model: type[Model], row: "Jotted") -> None:
        self._waiting[model].append(row)

    def of(self, model: type[M]) -> list[M]:
        """What waits for the table."""
        return self._waiting[model]

    def take(self, model: type[M]) -> list[M]:
        """What waits for the table, which the caller writes."""
        return self._waiting.pop(model, [])

    def write(self) -> None:
        """Writes everything that waits."""
        for model in tuple(self._waiting):
            copy_rows(model, self._waiting.pop(model))


@dataclass
class World:
    """One load. `share` scales the history: 1 is the full year."""

    today: date
    share: float = 1.0
    dice: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - for pictures of a year, not for secrets
    rows: Rows = field(default_factory=Rows)
    ids: Ids = field(init=False)

    def __post_init__(self) -> None:
        self.ids = Ids(Random(SEED + self.today.toordinal()))  # noqa: S311

    @property
    def first_day(self) -> date:
        return self.today - timedelta(days=DAYS)

    @property
    def beginning(self) -> datetime:
        """When the companies opened their books here, some days before the first visit."""
        return self.moment(self.first_day - timedelta(days=7), 8)

    def moment(self, day: date, hour: int = 0, minute: int = 0) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)

    def new(self, model: type[M], at: datetime | None = None, /, **values: Any) -> M:
        """A row made at that moment (default: at the beginning), waiting to be written."""
        moment = at or self.beginning
        row = model(id=self.ids.at(moment), **values)
        for name in ("created_at", "updated_at"):
            if hasattr(row, name):
                setattr(row, name, moment)
        self.rows.add(row)
        return row

    def jot(self, model: type[Model], at: datetime, /, **columns: Any) -> UUID:
        """As `new` for rows that nobody looks at again: columns by name (`organization_id`), defaults for the rest."""
        row = Jotted()
        row.__dict__.update(defaults_of(model))
        row.__dict__.update(columns, id=self.ids.at(at), created_at=at)
        self.rows.jot(model, row)
        return row.__dict__["id"]


class Jotted:
    """The columns of a row, without the weight of a model."""


@cache
def defaults_of(model: type[Model]) -> dict[str, Any]:
    return {one.attname: one.get_default() for one in model._meta.concrete_fields}


def copy_rows(model: type[Model], rows: list[Any]) -> None:
    """Writes the rows as they are, stamps included, by COPY: triggers and constraints of the database apply."""
    if not rows:
        return
    fields = [one for one in model._meta.concrete_fields if not one.generated]
    columns = [(one.attname, _kind(one)) for one in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in fields)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = row.__dict__
            copy.write_row([_plain(values[name], kind) for name, kind in columns])


def _kind(one: "Field[Any, Any]") -> str:
    if isinstance(one, JSONField):
        return "json"
    return "file" if isinstance(one, FileField) else ""


def _plain(value: Any, kind: str) -> Any:
    if not kind or value is None:
        return value
    return Jsonb(value) if kind == "json" else str(value)
