"""Charts drawn by the server: geometry in a box of 1000 × 200 that stretches with the page; words stand beside it in HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from apps.core.money import format_money

WIDTH, HEIGHT = 1000, 200
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `x` to `y` in the box, `tick` is the word below it where there is room for one."""

    label: Any
    value: Any
    x: float
    y: float
    width: float
    height: float
    tick: Any = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    label: Any
    value: Any
    x: float
    y: float


def round_top(highest: Decimal) -> Decimal:
    """The next round number that is not below `highest`: where the axis ends (1, 2, 2.5, 5 × a power of ten)."""
    if highest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(highest.adjusted())
    return next(step * power for step in _STEPS if step * power >= highest)


def draw_bars(values: Sequence[tuple[Any, Decimal, Any]], *, top: Decimal, marked: int = -1) -> list[Bar]:
    """One bar per (label, value, tick), side by side over the whole width; `marked` is the place of the one to stress."""
    slot = WIDTH / max(len(values), 1)
    bars = []
    for place, (label, value, tick) in enumerate(values):
        height = round(float(value / top) * HEIGHT, 1)
        height = max(height, 2.0) if value > 0 else 0.0
        x, width = round(place * slot + slot * 0.15, 1), round(slot * 0.7, 1)
        bars.append(Bar(label, value, x, round(HEIGHT - height, 1), width, height, tick, place == marked))
    return bars


def draw_line(values: Sequence[tuple[Any, Decimal]], *, low: Decimal, top: Decimal) -> list[Dot]:
    """One dot per (label, value), evenly spread; `low` lies on the floor and `top` at the ceiling of the box."""
    span = top - low or Decimal(1)
    gap = WIDTH / max(len(values) - 1, 1)
    return [
        Dot(label, value, round(place * gap, 1), round(HEIGHT - float((value - low) / span) * HEIGHT, 1))
        for place, (label, value) in enumerate(values)
    ]


def line_path(dots: Sequence[Dot]) -> str:
    """The `points` of a polyline through the dots."""
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


def label_days(values: Sequence[tuple[date, Decimal]], *, tick_every: int) -> list[tuple[str, Decimal, str]]:
    """(label, value, tick) of each day for `draw_bars`; ticks are counted back from the last day."""
    last = len(values) - 1
    return [
        (
            date_format(day, "D d/m"),
            value,
            date_format(day, "d/m") if (last - place) % tick_every == 0 else "",
        )
        for place, (day, value) in enumerate(values)
    ]


def format_short(amount: Decimal, currency: str) -> str:
    """Large amounts of dong in millions (`12,4 triệu ₫`), everything else in full: it must fit a narrow tile."""
    if currency != "VND" or amount < 100_000_000:
        return format_money(amount, currency)
    return gettext("%(number)s m ₫") % {"number": number_format(amount / 1_000_000, 1)}


def format_axis(amount: Decimal, currency: str) -> str:
    """A round amount beside the chart: dong in millions, everything else in full."""
    if currency != "VND" or amount < 1_000_000:
        return format_money(amount, currency)
    return gettext("%(number)s m") % {"number": number_format((amount / 1_000_000).normalize(), None)}
