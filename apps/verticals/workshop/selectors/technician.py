"""A technician's day: own tasks by vehicle, the running clock, parts, work that nobody has taken, checks that are due."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.text import compact_key
from apps.verticals.workshop.models import JobCard, JobTask, PartRequirement, WorkLog
from apps.verticals.workshop.selectors.cards import list_job_cards, my_tasks

S = JobCard.State
WORKABLE = (S.APPROVED, S.ASSIGNED, S.IN_PROGRESS, S.WAITING_PARTS)
OPEN_TASK = (JobTask.State.PENDING, JobTask.State.IN_PROGRESS, JobTask.State.PAUSED)
NEEDED = (PartRequirement.State.MISSING, PartRequirement.State.ORDERED, PartRequirement.State.RESERVED)


@dataclass(slots=True)
class MyTask:
    """A task with the person's own time on it in seconds, and since when their clock runs (None: it does not)."""

    task: JobTask
    seconds: int
    running_since: datetime | None
    parts: list[PartRequirement]

    @property
    def waits(self) -> bool:
        """Whether a part that it needs is neither issued nor ready to be."""
        return any(part.state in (PartRequirement.State.MISSING, PartRequirement.State.ORDERED) for part in self.parts)

    @property
    def to_issue(self) -> list[PartRequirement]:
        return [part for part in self.parts if part.reserved > 0]

    @property
    def is_running(self) -> bool:
        return self.running_since is not None

    @property
    def is_open(self) -> bool:
        return self.task.state in OPEN_TASK

    @property
    def can_finish(self) -> bool:
        """Begun, and every part is on the vehicle."""
        begun = self.task.state in (JobTask.State.IN_PROGRESS, JobTask.State.PAUSED)
        return begun and not self.waits and not self.to_issue


@dataclass(slots=True)
class MyCard:
    """A vehicle with the person's tasks on it."""

    card: JobCard
    tasks: list[MyTask] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        return sum(1 for row in self.tasks if row.is_open)

    @property
    def is_running(self) -> bool:
        return any(row.is_running for row in self.tasks)

    @property
    def lacks_parts(self) -> bool:
        """Whether something is missing that nobody has ordered."""
        return any(part.state == PartRequirement.State.MISSING for row in self.tasks for part in row.parts)


def my_work(actor: Actor) -> list[MyCard]:
    """The person's unfinished vehicles, the running one first, then by promised time. Four queries."""
    found = group_by_card(my_tasks(actor), actor.user_id)
    return sorted((row for row in found if row.open_count), key=lambda row: not row.is_running)


def finished_work(actor: Actor) -> list[JobCard]:
    """Vehicles on which the person worked and nothing is left to do: next comes the quality check."""
    own = JobTask.objects.filter(technician_id=actor.user_id, state=JobTask.State.COMPLETED).values("job_card_id")
    rows = list_job_cards(actor).filter(state=S.IN_PROGRESS, pk__in=own).exclude(tasks__state__in=OPEN_TASK)
    return list(rows.order_by("promised_at")[:20])


def free_work(actor: Actor) -> list[MyCard]:
    """Tasks of the actor's branches that nobody has taken yet."""
    rows = _with_parts(JobTask.objects.visible_to(actor).filter(technician__isnull=True, state__in=OPEN_TASK))
    return group_by_card(rows.filter(job_card__state__in=WORKABLE), actor.user_id)


def tasks_of_card(actor: Actor, card: JobCard) -> list[MyTask]:
    """All tasks of a card, with the person's own time on each."""
    rows = _with_parts(JobTask.objects.visible_to(actor).filter(job_card=card)).order_by("position", "id")
    return [task for group in group_by_card(rows, actor.user_id) for task in group.tasks]


def _with_parts(tasks: "QuerySet[JobTask]") -> "QuerySet[JobTask]":
    parts = PartRequirement.objects.select_related("variant__product")
    return (
        tasks.select_related("job_card__vehicle__model__make", "job_card__customer", "job_card__bay", "technician")
        .prefetch_related(Prefetch("parts", parts), "work_logs")
        .order_by("job_card__promised_at", "job_card_id", "position")
    )


def group_by_card(tasks: Iterable[JobTask], user_id: UUID | None) -> list[MyCard]:
    """The tasks under their cards, in the given order."""
    cards: dict[UUID, MyCard] = {}
    for task in tasks:
        card = cards.setdefault(task.job_card_id, MyCard(task.job_card))
        logs = [log for log in task.work_logs.all() if log.technician_id == user_id]
        closed = sum((log.period.upper - log.period.lower for log in logs if not log.is_open), timedelta())
        running = next((log.period.lower for log in logs if log.is_open), None)
        parts = [part for part in task.parts.all() if part.state != PartRequirement.State.CANCELLED]
        card.tasks.append(MyTask(task, int(closed.total_seconds()), running, parts))
    return list(cards.values())


def checks_due(actor: Actor) -> list[JobCard]:
    """Finished work of others that the actor may check, the oldest first; none without the right."""
    if not actor.can("job_card.check"):
        return []
    own = WorkLog.objects.filter(technician_id=actor.user_id).values("task__job_card_id")
    rows = list_job_cards(actor).filter(state=S.QUALITY_CHECK).exclude(pk__in=own)
    return list(rows.order_by("updated_at")[:20])


def find_card_by_plate(actor: Actor, text: str) -> JobCard | None:
    """The open card of the vehicle whose plate (any punctuation) was read or typed."""
    key = compact_key(text)
    rows = list_job_cards(actor).exclude(state__in=[S.DELIVERED, S.CANCELLED])
    return rows.filter(vehicle__plate_key=key).first() if key else None


def find_parts_by_code(work: Iterable[MyCard], text: str) -> list[PartRequirement]:
    """The parts among somebody's work with this barcode, number or SKU."""
    key = compact_key(text)
    parts = (part for card in work for row in card.tasks for part in row.parts)
    return [part for part in parts if key and key in {compact_key(code) for code in _codes(part)}]


def _codes(part: PartRequirement) -> tuple[str, ...]:
    return part.variant.barcode or "", part.variant.sku, part.variant.product.part_number or ""


@dataclass(frozen=True, slots=True)
class MyDay:
    """Clocked time of today in seconds (the running clock up to now), and what was finished."""

    seconds: int
    running_since: datetime | None
    done: list[JobTask]


def my_day(actor: Actor) -> MyDay:
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    logs = WorkLog.objects.filter(technician_id=actor.user_id, period__overlap=DateTimeTZRange(start, None))
    closed, running = timedelta(), None
    for log in logs:
        begun = max(log.period.lower, start)
        if log.is_open:
            running = begun
        else:
            closed += log.period.upper - begun
    done = JobTask.objects.visible_to(actor).filter(technician_id=actor.user_id, completed_at__gte=start)
    rows = done.select_related("job_card__vehicle").order_by("-completed_at")
    return MyDay(int(min(closed, now() - start).total_seconds()), running, list(rows))
