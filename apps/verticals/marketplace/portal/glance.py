"""What boards and pages say of an order in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.clock import local_date, now
from apps.core.portal.columns import capitalize
from apps.engines.orders.models import Order

S = Order.State
WAY = (S.PENDING, S.CONFIRMED, S.PROCESSING, S.READY, S.SHIPPED, S.DELIVERED)
GONE = (S.SHIPPED, S.DELIVERED, S.COMPLETED, S.CANCELLED, S.RETURNED)
FRESH = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Due:
    """When the goods are expected, in words; `tone` is near, late or empty."""

    text: str
    tone: str = ""


def due_of(order: Order) -> Due | None:
    """None when no day was promised or nothing is to be done any more."""
    if order.expected_on is None or order.state in (S.DELIVERED, S.COMPLETED, S.CANCELLED, S.RETURNED):
        return None
    today = local_date()
    words = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    text = words.get(order.expected_on) or date_format(order.expected_on, "d/m")
    if order.expected_on < today:
        return Due(text, "late")
    return Due(text, "near" if order.expected_on == today and order.state not in GONE else "")


def age_of(order: Order) -> str:
    """When it was placed: the time of day, the date when that was not today."""
    if order.placed_at is None:
        return ""
    local = timezone.localtime(order.placed_at)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "d/m H:i")


def is_fresh(order: Order) -> bool:
    """Placed a moment ago: boards draw attention to it."""
    return order.state == S.PENDING and order.placed_at is not None and now() - order.placed_at < FRESH


def way_of(order: Order) -> list[dict[str, Any]]:
    """The order's way as steps; the first one waits for the seller."""
    labels = dict(S.choices)
    place = len(WAY) if order.state in (S.DELIVERED, S.COMPLETED) else _place(order.state)
    return [
        {"label": capitalize(str(labels[state])), "state": _mark(number, place)} for number, state in enumerate(WAY)
    ]


def _place(state: str) -> int:
    return WAY.index(state) if state in WAY else -1


def _mark(number: int, place: int) -> str:
    if number < place:
        return "done"
    if number > place:
        return "todo"
    return "waiting" if number == 0 else "current"


def add_faces(orders: Sequence[Any]) -> None:
    """Puts on every order what its card shows."""
    for order in orders:
        order.due, order.is_fresh, order.age = due_of(order), is_fresh(order), age_of(order)
