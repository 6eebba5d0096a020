"""The dashboard's numbers and lists: few aggregated queries over indexed columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.money import ZERO
from apps.engines.billing.models import Invoice
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, JobTask, PartRequirement, WorkLog
from apps.verticals.workshop.selectors.cards import list_job_cards
from apps.verticals.workshop.selectors.visits import list_appointments

S = JobCard.State
ON_SITE = (
    S.CREATED, S.INSPECTED, S.ESTIMATED, S.WAITING_CUSTOMER_APPROVAL, S.APPROVED, S.ASSIGNED, S.IN_PROGRESS,
    S.WAITING_PARTS, S.QUALITY_CHECK,
)  # fmt: skip
IN_HOUSE = (*ON_SITE, S.COMPLETED)
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


def sum_revenue(actor: Actor) -> Compared:
    """What was billed this month beside the same days of last month. One query."""
    today = timezone.localdate()
    first = today.replace(day=1)
    first_before = (first - timedelta(days=1)).replace(day=1)
    until_before = min(first_before + (today - first), first - timedelta(days=1))
    rows = _here(Invoice.objects.filter(state__in=BILLED, issued_on__gte=first_before), actor)
    sums = rows.aggregate(
        now=Sum("total", filter=Q(issued_on__gte=first)),
        before=Sum("total", filter=Q(issued_on__lte=until_before)),
    )
    return Compared(sums["now"] or ZERO, sums["before"] or ZERO)


def revenue_by_day(actor: Actor) -> list[tuple[date, Decimal]]:
    """What was billed on each of the last 30 days, today last. One query."""
    first = timezone.localdate() - timedelta(days=CHART_DAYS - 1)
    rows = _here(Invoice.objects.filter(state__in=BILLED, issued_on__gte=first), actor)
    return _fill(first, rows.order_by().values_list("issued_on").annotate(Sum("total")))


def visits_by_day(actor: Actor) -> list[tuple[date, Decimal]]:
    """How many vehicles came on each of the last 30 days, today last. One query."""
    first = timezone.localdate() - timedelta(days=CHART_DAYS - 1)
    rows = _here(JobCard.objects.filter(created_at__gte=_start(first)).exclude(state=S.CANCELLED), actor)
    by_day = rows.order_by().annotate(day=TruncDate("created_at")).values_list("day").annotate(Count("pk"))
    return _fill(first, by_day)


def _fill(first: date, rows: Iterable[tuple[date, Any]]) -> list[tuple[date, Decimal]]:
    known = dict(rows)
    days = (first + timedelta(days=offset) for offset in range(CHART_DAYS))
    return [(day, Decimal(known.get(day) or 0)) for day in days]


def arriving(actor: Actor) -> "QuerySet[Appointment]":
    """Who comes within the hour or should have come today already."""
    rows = _here(list_appointments(actor).filter(state__in=EXPECTED), actor)
    window = {"starts_at__gte": _start(timezone.localdate()), "starts_at__lt": now() + SOON}
    return rows.filter(**window).order_by("starts_at")


def cards_in(actor: Actor, *states: str) -> "QuerySet[JobCard]":
    """The cards in these states, the one that has stood there longest first."""
    return _here(list_job_cards(actor).filter(state__in=states), actor).order_by("updated_at")


def answered(actor: Actor) -> "QuerySet[JobCard]":
    """Cards whose customer has answered and whose work nobody has been given yet, or who declined everything."""
    decided = Estimate.objects.filter(job_card=OuterRef("pk"), state=Estimate.State.DECIDED)
    return cards_in(actor, S.APPROVED, S.ESTIMATED).filter(Q(state=S.APPROVED) | Exists(decided))


def with_arrived_parts(actor: Actor) -> "QuerySet[JobCard]":
    """Cards for which ordered parts have come that nobody has taken yet."""
    come = {"state": PartRequirement.State.RESERVED, "order_id__isnull": False}
    ready = PartRequirement.objects.filter(job_card=OuterRef("pk"), **come)
    return cards_in(actor, S.APPROVED, S.ASSIGNED, S.IN_PROGRESS).filter(Exists(ready))


def late(actor: Actor) -> "QuerySet[JobCard]":
    """Cards whose promised time is over and whose work is not."""
    return _here(list_job_cards(actor).filter(state__in=ON_SITE, promised_at__lt=now()), actor).order_by("promised_at")


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
