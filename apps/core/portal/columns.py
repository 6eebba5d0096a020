"""Columns of list screens: where the value comes from and how it looks on the page and in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Choices
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.money import format_money, format_quantity
from apps.core.states import StateTable

NUMERIC = {"money", "quantity", "number"}


@dataclass(frozen=True)
class Column:
    """One column. `value` is an attribute path (`customer.name`, default: `name`) or a function of the row.

    `kind`: text, money, quantity, number, date, datetime, badge, plate, person, bool, template. `sort` is the ORM
    ordering (a name or several). `sub` is a second, quieter line. The first shown column carries the row's link.
    """

    name: str
    label: Any
    value: str | Callable[[Any], Any] = ""
    kind: str = "text"
    sort: str | tuple[str, ...] = ""
    sub: str | Callable[[Any], Any] = ""
    table: StateTable | None = None
    currency: str = "currency"
    template: str = ""
    css: str = ""
    permission: str = ""
    is_default: bool = True

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def ordering(self) -> tuple[str, ...]:
        """The ORM ordering, ascending."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)

    def value_of(self, row: Any) -> Any:
        """The bare value, as files hold it."""
        return resolve(row, self.value or self.name)

    def export_value(self, row: Any) -> Any:
        """The value for files: a word instead of a state's code."""
        if self.kind in {"badge", "choice"}:
            return _display(row, self)
        return self.value_of(row)

    def render(self, row: Any) -> Any:
        """The value as the page shows it."""
        if self.template:
            return SafeString(render_to_string(self.template, {"row": row, "value": self.value_of(row)}))
        shown = RENDERERS.get(self.kind, _text)(row, self)
        second = resolve(row, self.sub) if self.sub else ""
        return format_html('{}<span class="cell-sub">{}</span>', shown, second) if second else shown


def resolve(row: Any, source: str | Callable[[Any], Any]) -> Any:
    """Follows an attribute path; a missing link or None ends it with None; methods are called."""
    if callable(source):
        return source(row)
    value = row
    for name in source.split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        if callable(value) and not isinstance(value, type):
            value = value()
        if value is None:
            return None
    return value


def _text(row: Any, column: Column) -> Any:
    value = column.value_of(row)
    return "" if value is None else value


def _money(row: Any, column: Column) -> Any:
    currency = resolve(row, column.currency) or "VND"
    return format_html('<span class="money">{}</span>', format_money(column.value_of(row), currency))


def _quantity(row: Any, column: Column) -> str:
    return format_quantity(column.value_of(row))


def _date(row: Any, column: Column) -> Any:
    value: date | None = column.value_of(row)
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "d/m/Y"))


def _datetime(row: Any, column: Column) -> Any:
    value: datetime | None = column.value_of(row)
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html('<time class="num" datetime="{}">{}</time>', local.isoformat(), date_format(local, "d/m/Y H:i"))


def _display(row: Any, column: Column) -> Any:
    value = column.value_of(row)
    label = getattr(row, f"get_{column.value or column.name}_display", None) if not callable(column.value) else None
    if label is not None:
        return str(label())
    return str(value.label) if isinstance(value, Choices) else ("" if value is None else str(value))


def _badge(row: Any, column: Column) -> Any:
    value = column.value_of(row)
    if value in (None, ""):
        return ""
    tone = column.table.tone(value) if column.table else "neutral"
    return format_html('<span class="badge badge-{} badge-dot">{}</span>', tone, capitalize(_display(row, column)))


def _plate(row: Any, column: Column) -> Any:
    value = column.value_of(row)
    return format_html('<span class="plate plate-sm" translate="no">{}</span>', value) if value else ""


def _bool(row: Any, column: Column) -> str:
    return _("Yes") if column.value_of(row) else _("No")


def capitalize(text: str) -> str:
    """First letter upper, the rest as it is (`đang sửa` → `Đang sửa`)."""
    return text[:1].upper() + text[1:]


RENDERERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "money": _money,
    "quantity": _quantity,
    "number": _text,
    "date": _date,
    "datetime": _datetime,
    "badge": _badge,
    "choice": lambda row, column: capitalize(_display(row, column)),
    "plate": _plate,
    "bool": _bool,
}


def plain(value: Any) -> Any:
    """A value that files can hold: numbers and dates stay what they are, the rest becomes text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return value if isinstance(value, int | Decimal | date) else str(value)
