"""The front page of the staff CMS: figures of the platform, each only for those who may open its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse

from apps.core.money import format_money


@dataclass(frozen=True, slots=True)
class StaffFigure:
    """One number: how many rows of a table meet a condition, or with `amount` what they come to.

    `where` gives the condition when the page is drawn. `query` is the list's own filter, for the link. A figure that
    `is_bad` above zero is coloured.
    """

    model: str
    label: Any
    icon: str
    where: Callable[[], Q] = Q
    query: str = ""
    amount: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class ShownFigure:
    label: Any
    value: str
    link: str
    icon: str
    is_alarm: bool


@dataclass(frozen=True, slots=True)
class ShownCheck:
    label: Any
    is_good: bool
    detail: str


_FIGURES: list[StaffFigure] = []
_HEALTH: list[Callable[[], Sequence[ShownCheck]]] = []


def register_figures(*figures: StaffFigure) -> None:
    """Adds numbers to the front page, in this order."""
    _FIGURES.extend(figures)


def register_health(look: Callable[[], Sequence[ShownCheck]]) -> None:
    """Says how to look at the state of the machinery; asked for superusers."""
    _HEALTH.append(look)


def show_dashboard(request: HttpRequest) -> dict[str, Any]:
    """What the front page shows to this person."""
    figures = [shown for figure in _FIGURES if (shown := _show(figure, request)) is not None]
    checks = [check for look in _HEALTH for check in look()] if request.user.is_superuser else []
    return {"figures": figures, "checks": checks}


def _show(figure: StaffFigure, request: HttpRequest) -> ShownFigure | None:
    model = apps.get_model(figure.model)
    model_admin = admin.site._registry.get(model)
    if model_admin is None or not model_admin.has_view_permission(request):
        return None
    rows = model_admin.get_queryset(request).order_by().filter(figure.where())
    value, is_alarm = (_sum(rows, figure.amount), False) if figure.amount else _count(rows, figure)
    link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return ShownFigure(figure.label, value, f"{link}?{figure.query}" if figure.query else link, figure.icon, is_alarm)


def _count(rows: QuerySet, figure: StaffFigure) -> tuple[str, bool]:
    count = rows.aggregate(count=Count("pk"))["count"]
    return f"{count:,}".replace(",", "."), figure.is_bad and count > 0


def _sum(rows: QuerySet, name: str) -> str:
    """One amount per currency."""
    sums = rows.values_list("currency").annotate(total=Sum(name)).order_by("currency")
    return " + ".join(format_money(total, currency) for currency, total in sums) or format_money(0)
