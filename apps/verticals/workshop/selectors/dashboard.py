"""The dashboard's numbers and lists: few aggregated queries over indexed columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.money import ZERO
from apps.engines.billing.models import Invoice
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, JobTask, PartRequirement, WorkLog
from apps.verticals.workshop.selectors.visits import list_appointments

S = JobCard.State
ON_SITE = (
    S.CREATED, S.INSPECTED, S.ESTIMATED, S.WAITING_CUSTOMER_APPROVAL, S.APPROVED, S.ASSIGNED, S.IN_PROGRESS,
    S.WAITING_PARTS, S.QUALITY_CHECK,
)  # fmt: skip
IN_HOUSE = (*ON_SITE, S.COMPLETED)
WORKED_ON = (S.APPROVED, S.ASSIGNED, S.IN_PROGRESS)
_SHOWN = (
    "state", "promised_at", "updated_at", "customer__name", "vehicle__plate", "vehicle__model__name",
    "vehicle__model__make__name",
)  # fmt: skip
EXPECTED = (Appointment.State.BOOKED, Appointment.State.CONFIRMED)
BILLED = (Invoice.State.FINAL, Invoice.State.SENT, Invoice.State.PAID, Invoice.State.OVERDUE)
SOON = timedelta(hours=1)
CHART_DAYS = 30
LIMIT = 6


def _here(rows: "QuerySet[Any]", actor: Actor) -> "QuerySet[Any]":
    """Only the branch in which the actor works now; all of theirs when they work in no single one."""
    rows = rows.visible_to(actor)  # type: ignore[attr-defined]
    return rows.filter(branch_id=actor.branch_id) if actor.branch_id else rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards stand where; `oldest_*` since when the longest one waits."""

    in_house: int
    opened_today: int
    waiting_customer: int
    oldest_customer: datetime | None
    waiting_parts: int
    oldest_parts: datetime | None


def count_cards(actor: Actor) -> Counts:
    """One query."""
    customer, parts = Q(state=S.WAITING_CUSTOMER_APPROVAL), Q(state=S.WAITING_PARTS)
    sums = _here(JobCard.objects.filter(state__in=IN_HOUSE), actor).aggregate(
        in_house=Count("pk"),
        opened_today=Count("pk", filter=Q(created_at__gte=_start(timezone.localdate()))),
        waiting_customer=Count("pk", filter=customer),
        oldest_customer=Min("updated_at", filter=customer),
        waiting_parts=Count("pk", filter=parts),
        oldest_parts=Min("updated_at", filter=parts),
    )
    return Counts(**sums)


@dataclass(frozen=True, slots=True)
class Compared:
    """A number beside the one it is compared with."""

    now: Any
    before: Any


def count_appointments(actor: Actor) -> Compared:
    """Today's appointments beside those of the same weekday a week ago. One query."""
    today = _start(timezone.localdate())
    week_ago = today - timedelta(days=7)
    rows = _here(Appointment.objects.filter(starts_at__gte=week_ago, starts_at__lt=today + timedelta(days=1)), actor)
    live = rows.exclude(state=Appointment.State.CANCELLED)
    sums = live.aggregate(
        now=Count("pk", filter=Q(starts_at__gte=today)),
        before=Count("pk", filter=Q(starts_at__lt=week_ago + timedelta(days=1))),
    )
    return Compared(**sums)


Billed = Mapping[date, Decimal]


def read_billed(actor: Actor) -> Billed:
    """What was billed on each day since the beginning of last month, and at least of the last 30 days. One query."""
    today = timezone.localdate()
    first = min(_month_before(today), today - timedelta(days=CHART_DAYS - 1))
    rows = _here(Invoice.objects.filter(state__in=BILLED, issued_on__gte=first), actor)
    return dict(rows.order_by().values_list("issued_on").annotate(Sum("total")))


def sum_revenue(billed: Billed) -> Compared:
    """What was billed this month beside the same days of last month."""
    today = timezone.localdate()
    first, first_before = today.replace(day=1), _month_before(today)
    until_before = min(first_before + (today - first), first - timedelta(days=1))
    return Compared(
        sum((total for day, total in billed.items() if day >= first), ZERO),
        sum((total for day, total in billed.items() if first_before <= day <= until_before), ZERO),
    )


def revenue_by_day(billed: Billed) -> list[tuple[date, Decimal]]:
    """What was billed on each of the last 30 days, today last."""
    return _fill(timezone.localdate() - timedelta(days=CHART_DAYS - 1), billed)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def visits_by_day(actor: Actor) -> list[tuple[date, Decimal]]:
    """How many vehicles came on each of the last 30 days, today last. One query."""
    first = timezone.localdate() - timedelta(days=CHART_DAYS - 1)
    rows = _here(JobCard.objects.filter(created_at__gte=_start(first)).exclude(state=S.CANCELLED), actor)
    by_day = rows.order_by().annotate(day=TruncDate("created_at")).values_list("day").annotate(Count("pk"))
    return _fill(first, dict(by_day))


def _fill(first: date, known: Mapping[date, Any]) -> list[tuple[date, Decimal]]:
    days = (first + timedelta(days=offset) for offset in range(CHART_DAYS))
    return [(day, Decimal(known.get(day) or 0)) for day in days]


def arriving(actor: Actor) -> "QuerySet[Appointment]":
    """Who comes within the hour or should have come today already."""
    rows = _here(list_appointments(actor).filter(state__in=EXPECTED), actor)
    window = {"starts_at__gte": _start(timezone.localdate()), "starts_at__lt": now() + SOON}
    return rows.filter(**window).order_by("starts_at")


@dataclass(slots=True)
class WaitingCards:
    """Cards that wait for somebody of the desk: the longest promised first, else the one that stands there longest."""

    late: list[JobCard] = field(default_factory=list)
    answered: list[JobCard] = field(default_factory=list)
    with_arrived_parts: list[JobCard] = field(default_factory=list)
    to_check: list[JobCard] = field(default_factory=list)
    to_hand_over: list[JobCard] = field(default_factory=list)


def waiting_cards(actor: Actor) -> WaitingCards:
    """One query. A card may wait for several things.

    Answered: the customer has decided and nobody has been given the work yet, or everything was declined. With arrived
    parts: ordered parts have come that nobody has taken yet. Late: the promised time is over and the work is not.
    """
    found = WaitingCards()
    for card in _read_waiting(actor):
        if card.state in ON_SITE and card.promised_at is not None and card.promised_at < now():
            found.late.append(card)
        if card.state == S.APPROVED or (card.state == S.ESTIMATED and card.is_decided):
            found.answered.append(card)
        if card.state in WORKED_ON and card.has_parts:
            found.with_arrived_parts.append(card)
        if card.state == S.QUALITY_CHECK:
            found.to_check.append(card)
        if card.state == S.COMPLETED:
            found.to_hand_over.append(card)
    found.late.sort(key=lambda card: card.promised_at or card.updated_at)
    return found


def _read_waiting(actor: Actor) -> Iterable[Any]:
    decided = Estimate.objects.filter(job_card=OuterRef("pk"), state=Estimate.State.DECIDED)
    come = {"state": PartRequirement.State.RESERVED, "order_id__isnull": False}
    parts = PartRequirement.objects.filter(job_card=OuterRef("pk"), **come)
    rows = _here(JobCard.objects.filter(state__in=IN_HOUSE), actor).annotate(
        is_decided=Case(When(state=S.ESTIMATED, then=Exists(decided)), default=False),
        has_parts=Case(When(state__in=WORKED_ON, then=Exists(parts)), default=False),
    )
    waits = Q(state__in=[S.APPROVED, S.QUALITY_CHECK, S.COMPLETED]) | Q(is_decided=True) | Q(has_parts=True)
    waits |= Q(state__in=ON_SITE, promised_at__lt=now())
    shown = rows.filter(waits).select_related("customer", "vehicle__model__make").only(*_SHOWN)
    return shown.order_by("updated_at", "pk")


def overdue_invoices(actor: Actor) -> "QuerySet[Invoice]":
    """Invoices that should have been paid, the oldest first."""
    rows = Invoice.objects.filter(state=Invoice.State.OVERDUE).select_related("customer")
    return _here(rows, actor).order_by("due_on")


@dataclass(slots=True)
class Load:
    """A technician's open work: tasks, planned minutes, what the clock runs on, minutes clocked today."""

    user_id: UUID
    name: str
    tasks: int = 0
    minutes: int = 0
    running: WorkLog | None = None
    clocked: int = 0


def technician_loads(actor: Actor) -> list[Load]:
    """The people who work on vehicles, the busiest first. Three queries."""
    organization_id = actor.require_organization()
    people = users_with_permission(organization_id, "task.work", branch_id=actor.branch_id)
    loads = {user.pk: Load(user.pk, user.full_name) for user in people}
    open_tasks = JobTask.objects.filter(
        technician_id__in=loads,
        state__in=[JobTask.State.PENDING, JobTask.State.IN_PROGRESS, JobTask.State.PAUSED],
        job_card__state__in=ON_SITE,
    )
    counted = _here(open_tasks, actor).order_by().values("technician_id")
    for row in counted.annotate(tasks=Count("pk"), minutes=Sum("estimated_minutes")):
        load = loads[row["technician_id"]]
        load.tasks, load.minutes = row["tasks"], row["minutes"] or 0
    start = _start(timezone.localdate())
    logs = WorkLog.objects.filter(technician_id__in=loads, period__endswith__gte=start) | WorkLog.objects.filter(
        technician_id__in=loads, is_open=True
    )
    for log in _here(logs, actor).select_related("task__job_card__vehicle"):
        load = loads[log.technician_id]
        load.running = log if log.is_open else load.running
        end = log.period.upper or now()
        load.clocked += int((end - max(log.period.lower, start)).total_seconds()) // 60
    working = (load for load in loads.values() if load.tasks or load.clocked or load.running)
    return sorted(working, key=lambda load: (-load.minutes, load.name))
