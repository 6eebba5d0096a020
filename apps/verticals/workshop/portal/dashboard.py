"""The first page of the garage: what needs somebody now, six numbers, one chart, who works on what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.money import format_money
from apps.core.portal.charts import draw_bars, format_axis, format_short, label_days, round_top
from apps.core.portal.figures import Figure, list_figures
from apps.core.portal.links import find_url
from apps.core.portal.pages import PortalHomeView
from apps.core.portal.providers import list_places, providers
from apps.core.portal.registry import register_nav
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.portal.technician import tech_home
from apps.verticals.workshop.selectors import dashboard as figures

S = JobCard.State
MONEY_RIGHT = "invoice.view"
TICK_EVERY = 7


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One thing that needs somebody: whose it is, what about it, since or until when."""

    url: str
    plate: str
    title: Any
    text: Any = ""
    at: datetime | None = None
    is_late: bool = False
    is_page: bool = False


@dataclass(slots=True)
class Need:
    """A kind of thing that needs somebody, with the first rows and how many there are."""

    label: Any
    icon: str
    tone: str
    count: int
    url: str
    rows: list[NeedRow] = field(default_factory=list)


def list_needs(actor: Actor) -> list[Need]:
    """Everything that waits for somebody of the desk, most urgent first; only kinds that have rows."""
    needs: list[Need | None] = []
    if actor.can("appointment.view"):
        needs.append(_of_appointments(actor))
    if actor.can("job_card.view"):
        for label, icon, tone, cards, state in _card_kinds(actor):
            needs.append(_of_cards(label, icon, tone, cards, state))
    if actor.can(MONEY_RIGHT):
        needs.append(_of_invoices(actor))
    return [need for need in needs if need is not None]


def _card_kinds(actor: Actor) -> Sequence[tuple[Any, str, str, list[JobCard], str]]:
    cards = figures.waiting_cards(actor)
    return (
        (_("Promised time is over"), "clock-alert", "danger", cards.late, ""),
        (_("Customer has answered"), "message-circle-reply", "attention", cards.answered, S.APPROVED),
        (_("Parts have arrived"), "package-check", "attention", cards.with_arrived_parts, ""),
        (_("Quality check due"), "clipboard-check", "attention", cards.to_check, S.QUALITY_CHECK),
        (_("Ready to hand over"), "key-round", "done", cards.to_hand_over, S.COMPLETED),
    )


def _of_appointments(actor: Actor) -> Need | None:
    rows = list(figures.arriving(actor)[: figures.LIMIT])
    if not rows:
        return None
    present = timezone.now()
    shown = [
        NeedRow(
            reverse("garage:appointment", args=[row.pk]),
            row.plate,
            row.customer.name,
            row.service_text,
            row.starts_at,
            is_late=row.starts_at < present,
        )
        for row in rows
    ]
    return Need(_("Arriving"), "calendar-clock", "info", len(rows), reverse("garage:calendar"), shown)


def _of_cards(label: Any, icon: str, tone: str, cards: list[JobCard], state: str) -> Need | None:
    found = cards[: figures.LIMIT]
    if not found:
        return None
    board = find_url("garage:job-card-list")
    return Need(
        label,
        icon,
        tone,
        len(found),
        f"{board}?state={state}" if board and state else board,
        [
            NeedRow(
                find_url("garage:job-card", card.pk),
                card.vehicle.plate,
                card.customer.name,
                card.vehicle.model,
                card.promised_at,
                is_late=card.promised_at is not None and card.promised_at < timezone.now(),
                is_page=True,
            )
            for card in found
        ],
    )


def _of_invoices(actor: Actor) -> Need | None:
    rows = list(figures.overdue_invoices(actor)[: figures.LIMIT])
    if not rows:
        return None
    shown = [
        NeedRow(
            find_url("garage:invoice", row.pk),
            "",
            row.billed_name,
            f"{row.number} · {format_money(row.balance, row.currency)}",
            is_page=True,
        )
        for row in rows
    ]
    url = find_url("garage:invoices")
    return Need(
        _("Invoices overdue"), "receipt-text", "danger", len(rows), f"{url}?state=overdue" if url else "", shown
    )


def list_numbers(actor: Actor, currency: str, billed: figures.Billed) -> list[Figure]:
    """At most six numbers, each with a trend and the way to its rows."""
    numbers: list[Figure] = []
    if actor.can("appointment.view"):
        numbers.append(_appointments(actor))
    if actor.can("job_card.view"):
        numbers.extend(_cards(actor))
    if actor.can(MONEY_RIGHT):
        numbers.append(_revenue(billed, currency))
    return [*numbers, *list_figures("garage", actor)][:6]


def _appointments(actor: Actor) -> Figure:
    count, today = figures.count_appointments(actor), timezone.localdate()
    change = count.now - count.before
    return Figure(
        _("Appointments today"),
        count.now,
        f"{reverse('garage:appointments')}?day_from={today}&day_to={today}",
        trend=f"{change:+d}" if change else "",
        direction=_direction(change),
        note=_("on last week") if change else _("as a week ago"),
    )


def _cards(actor: Actor) -> Iterable[Figure]:
    counts, board = figures.count_cards(actor), find_url("garage:job-cards")
    listed = find_url("garage:job-card-list")
    opened = counts.opened_today
    yield Figure(
        _("Vehicles in the workshop"),
        counts.in_house,
        board,
        trend=f"+{opened}" if opened else "",
        direction="up" if opened else "",
        note=_("today") if opened else _("none came today"),
    )
    for label, count, oldest, state in (
        (_("Waiting for the customer"), counts.waiting_customer, counts.oldest_customer, S.WAITING_CUSTOMER_APPROVAL),
        (_("Waiting for parts"), counts.waiting_parts, counts.oldest_parts, S.WAITING_PARTS),
    ):
        note = gettext("longest: %(time)s") % {"time": timesince(oldest, depth=1)} if oldest else _("nothing waits")
        yield Figure(label, count, f"{listed}?state={state}" if listed else "", note=note)


def _revenue(billed: figures.Billed, currency: str) -> Figure:
    sums, first = figures.sum_revenue(billed), timezone.localdate().replace(day=1)
    percent = round(100 * (sums.now - sums.before) / sums.before) if sums.before else None
    url = find_url("garage:invoices")
    return Figure(
        _("Revenue this month"),
        format_short(sums.now, currency),
        f"{url}?issued_from={first}" if url else "",
        trend=f"{percent:+d} %" if percent else "",
        direction=_direction(percent or 0),
        good="" if not percent else "yes" if percent > 0 else "no",
        note=_("on last month") if percent is not None else _("nothing billed last month"),
    )


def _direction(change: int) -> str:
    return "up" if change > 0 else "down" if change < 0 else ""


def draw_chart(actor: Actor, kind: str, currency: str, billed: figures.Billed) -> dict[str, Any]:
    """The bars of the last 30 days: `revenue` for those who may see money, else `visits`."""
    is_money = kind != "visits" and actor.can(MONEY_RIGHT)
    days = figures.revenue_by_day(billed) if is_money else figures.visits_by_day(actor)
    top = round_top(max(value for _day, value in days))
    show = (lambda value: format_money(value, currency)) if is_money else (lambda value: str(int(value)))
    bars = draw_bars(label_days(days, tick_every=TICK_EVERY), top=top, marked=len(days) - 1)
    return {
        "is_money": is_money,
        "bars": [(bar, show(bar.value)) for bar in bars],
        "top": format_axis(top, currency) if is_money else show(top),
        "half": format_axis(top / 2, currency) if is_money else show(top / 2) if top % 2 == 0 else "",
        "sum": show(sum((value for _day, value in days), Decimal(0))),
        "first_day": days[0][0],
        "last_day": days[-1][0],
    }


class DashboardView(PortalView):
    """Everybody of the garage comes here first; those without a desk go on to their own first page."""

    portal, permission = "garage", ANY_MEMBER
    title = _("Dashboard")
    template_name = "workshop/dashboard/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if tech_home(self.actor):
            return HttpResponseRedirect(reverse("garage:tech"))
        if not (self.actor.can("appointment.view") or self.actor.can("report.view")):
            return PortalHomeView.as_view()(request)
        alone = request.headers.get("HX-Target") == "dashboard"
        return self.draw(self.get_context(), template="workshop/dashboard/body.html" if alone else "")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        place = next((place for place in list_places(self.request) if place.active), None)
        currency = place.currency if place else "VND"
        sees_money = self.actor.can(MONEY_RIGHT)
        billed = figures.read_billed(self.actor) if sees_money else {}
        topics = [f"dashboard:{self.actor.organization_id}"]
        return super().get_context(
            place=place,
            today=timezone.localdate(),
            needs=list_needs(self.actor),
            numbers=list_numbers(self.actor, currency, billed),
            chart=draw_chart(self.actor, self.request.GET.get("chart", ""), currency, billed),
            loads=figures.technician_loads(self.actor) if self.actor.can("job_card.view") else [],
            sees_money=sees_money,
            live=" ".join(topics),
            live_numbers=providers.live_numbers(topics),
            **extra,
        )


register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("Dashboard"),
    url_name="garage:dashboard",
    icon="layout-dashboard",
    permission="appointment.view",
    order=10,
)
urlpatterns = [DashboardView.path("", "dashboard")]
