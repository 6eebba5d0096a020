"""The first page of the distributor: what needs somebody now, six numbers, sales by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.money import format_money, format_quantity, total
from apps.core.portal.charts import draw_bars, format_axis, format_short, label_days, round_top
from apps.core.portal.figures import Figure, list_figures
from apps.core.portal.providers import list_places, providers
from apps.core.portal.registry import register_nav
from apps.core.portal.views import PortalView
from apps.engines.inventory.models import StockLevel
from apps.engines.orders.models import Order
from apps.platform.organizations.selectors import list_branches
from apps.verticals.marketplace.figures import DAYS, Day, Waiting, count_waiting, list_low_levels, sales_by_day
from apps.verticals.marketplace.portal.conditions import is_overdue
from apps.verticals.marketplace.portal.glance import age_of, due_of
from apps.verticals.marketplace.portal.order_board import link_to_sale
from apps.verticals.marketplace.selectors import list_sales

S = Order.State
SHOWN = 4
WEEK = 7


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One thing that needs somebody."""

    url: str
    title: Any
    text: Any
    hint: Any = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A kind of thing that needs somebody, with its first rows and how many there are."""

    label: Any
    icon: str
    tone: str
    count: int
    url: str
    rows: Sequence[NeedRow]


def list_needs(actor: Actor, waiting: Waiting) -> list[Need]:
    """Most urgent first; only kinds that have rows."""
    sales = list_sales(actor)
    overdue = sales.filter(is_overdue(actor)).exclude(state=S.SHIPPED)
    kinds = (
        (_("New orders"), "inbox", "attention", sales.filter(state=S.PENDING), "state=pending", S.PENDING),
        (_("Overdue"), "clock-alert", "danger", overdue, "overdue=1", ""),
        (_("Ready to ship"), "truck", "info", sales.filter(state=S.READY), "state=ready", S.READY),
    )
    needs = [
        _of_orders(label, icon, tone, rows, query, waiting.counts.get(state, 0) if state else None)
        for label, icon, tone, rows, query, state in kinds
    ]
    if actor.can("inventory.view"):
        needs.append(_of_stock(list_low_levels(actor)))
    return [need for need in needs if need is not None]


def _of_orders(label: Any, icon: str, tone: str, rows: "QuerySet[Order]", query: str, count: int | None) -> Need | None:
    if count == 0:
        return None
    found = list(rows.order_by("placed_at", "pk")[:SHOWN])
    if not found:
        return None
    shown = [
        NeedRow(
            link_to_sale(order),
            order.buyer_organization,
            f"{order.number} · {format_money(order.total, order.currency)}",
            *_hint(order),
        )
        for order in found
    ]
    return Need(label, icon, tone, count or len(found), f"{reverse('distributor:order-list')}?{query}", shown)


def _hint(order: Order) -> tuple[str, bool]:
    due = due_of(order)
    if due is not None and due.tone == "late":
        return due.text, True
    return age_of(order), False


def _of_stock(rows: "QuerySet[StockLevel]") -> Need | None:
    count = rows.count()
    if not count:
        return None
    shown = [
        NeedRow(
            reverse("distributor:stock-level", args=[level.pk]),
            level.variant.product.name,
            f"{level.variant.sku} · {level.warehouse.name}",
            gettext("%(n)s left") % {"n": format_quantity(level.available)},
            level.available <= 0,
        )
        for level in rows[:SHOWN]
    ]
    url = f"{reverse('distributor:stock')}?low=1"
    return Need(_("Running low"), "package-minus", "attention", count, url, shown)


def list_numbers(actor: Actor, days: Sequence[Day], waiting: Waiting, currency: str) -> list[Figure]:
    """At most six, each with its trend or age and the way to its rows."""
    listed, board = reverse("distributor:order-list"), reverse("distributor:orders")
    week, before = days[-WEEK:], days[-2 * WEEK : -WEEK]
    month, last = total(day.money for day in days[-DAYS:]), total(day.money for day in days[:-DAYS])
    since = week[0].day.isoformat()
    found = [
        Figure(
            _("Sales, 30 days"),
            format_short(month, currency),
            f"{listed}?placed_from={days[-DAYS].day.isoformat()}",
            **trend(month, last),
        ),
        Figure(
            _("Orders, 7 days"),
            sum(day.orders for day in week),
            f"{listed}?placed_from={since}",
            **trend(Decimal(sum(day.orders for day in week)), Decimal(sum(day.orders for day in before))),
        ),
        _waiting(_("To confirm"), waiting, S.PENDING, listed),
        _waiting(_("To pick and pack"), waiting, S.CONFIRMED, board, S.PROCESSING),
        _waiting(_("Ready to ship"), waiting, S.READY, listed),
        _waiting(_("On their way"), waiting, S.SHIPPED, listed),
    ]
    return [*found, *list_figures("distributor", actor)][:6]


def _waiting(label: Any, waiting: Waiting, state: str, url: str, *more: str) -> Figure:
    """How many orders stand in these states, and how long the oldest has been here."""
    states = (state, *more)
    oldest = min((waiting.oldest[one] for one in states if waiting.oldest.get(one)), default=None)
    note = gettext("oldest: %(time)s") % {"time": timesince(oldest, depth=1)} if oldest else _("nothing waits")
    link = url if more else f"{url}?state={state}"
    return Figure(label, sum(waiting.counts.get(one, 0) for one in states), link, note=note)


def trend(present: Decimal, before: Decimal) -> dict[str, Any]:
    """The change in percent against the time before."""
    if not before:
        return {"note": _("nothing to compare yet")}
    percent = round(100 * (present - before) / before)
    if not percent:
        return {"note": _("as before")}
    way = ("up", "yes") if percent > 0 else ("down", "no")
    return {"trend": f"{percent:+d} %", "direction": way[0], "good": way[1], "note": _("on the time before")}


def draw_chart(days: Sequence[Day], currency: str) -> dict[str, Any]:
    """The bars of the days; a click leads to the orders of the day."""
    top = round_top(max(day.money for day in days))
    bars = draw_bars(label_days([(day.day, day.money) for day in days], tick_every=WEEK), top=top)
    listed = reverse("distributor:order-list")
    return {
        "bars": [
            (bar, format_money(day.money, currency), day.orders, f"{listed}?placed_from={day.day}&placed_to={day.day}")
            for bar, day in zip(bars, days, strict=True)
        ],
        "top": format_axis(top, currency),
        "half": format_axis(top / 2, currency),
        "sum": format_money(total(day.money for day in days), currency),
        "first_day": days[0].day,
        "last_day": days[-1].day,
    }


class Dashboard(PortalView):
    """Where everybody of the distributor starts."""

    portal, permission = "distributor", "order.view"
    title = _("Dashboard")
    template_name = "marketplace/dashboard/page.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        place = next((place for place in list_places(self.request) if place.active), None)
        currency = place.currency if place else "VND"
        waiting, days = count_waiting(self.actor), sales_by_day(self.actor)
        topics = [f"orders:{self.actor.organization_id}"]
        if self.actor.can("inventory.view"):
            topics += [f"inventory:{branch.pk}" for branch in list_branches(self.actor)]
        return super().get_context(
            place=place,
            today=timezone.localdate(),
            needs=list_needs(self.actor, waiting),
            numbers=list_numbers(self.actor, days, waiting, currency),
            chart=draw_chart(days[-DAYS:], currency),
            live=" ".join(topics),
            live_numbers=providers.live_numbers(topics),
            **extra,
        )

    def draw(self, context: Any, *, template: str = "", status: int = 200) -> Any:
        """The living part alone when it asks for itself."""
        alone = self.request.headers.get("HX-Target") == "dashboard"
        return super().draw(context, template="marketplace/dashboard/body.html" if alone else template, status=status)


register_nav(
    portal="distributor",
    group=_("Sales"),
    label=_("Dashboard"),
    url_name="distributor:home",
    icon="layout-dashboard",
    permission="order.view",
    order=1,
)
urlpatterns = [Dashboard.path("", "home")]
