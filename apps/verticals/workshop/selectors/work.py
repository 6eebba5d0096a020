"""Work and parts of a card as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.core.clock import now
from apps.engines.inventory.selectors import availability
from apps.engines.orders.models import Order
from apps.engines.orders.selectors import list_purchases
from apps.verticals.workshop.models import JobCard, JobTask, PartRequirement, WorkLog

FINISHED = (JobTask.State.COMPLETED, JobTask.State.SKIPPED)


@dataclass(slots=True)
class TaskRow:
    """A task with its clock: closed seconds, and since when it runs (None: it does not)."""

    task: JobTask
    closed_seconds: int = 0
    running_since: datetime | None = None
    runner: str = ""
    open_parts: int = 0

    @property
    def minutes(self) -> int:
        """Clocked until now, in minutes."""
        running = (now() - self.running_since).total_seconds() if self.running_since else 0
        return int(self.closed_seconds + running) // 60

    @property
    def is_over(self) -> bool:
        """Whether more time was clocked than planned."""
        return 0 < self.task.estimated_minutes < self.minutes

    @property
    def is_finished(self) -> bool:
        return self.task.state in FINISHED


@dataclass(slots=True)
class PartRow:
    """A required part, what the store has free of it, and the order that brings it."""

    part: PartRequirement
    free: Decimal
    order: Order | None = None
    url: str = ""
    others: list[Any] = field(default_factory=list)

    @property
    def short(self) -> Decimal:
        """What is neither reserved nor issued."""
        if self.part.state == PartRequirement.State.CANCELLED:
            return Decimal(0)
        return self.part.required - self.part.reserved - self.part.issued


@dataclass(slots=True)
class CardWork:
    tasks: list[TaskRow] = field(default_factory=list)

    @property
    def open_tasks(self) -> list[TaskRow]:
        return [row for row in self.tasks if not row.is_finished]

    @property
    def planned(self) -> int:
        return sum(row.task.estimated_minutes for row in self.tasks if row.task.state != JobTask.State.SKIPPED)

    @property
    def clocked(self) -> int:
        return sum(row.minutes for row in self.tasks)


def card_work(card: JobCard) -> CardWork:
    """The tasks of the card with their clocks. Three queries."""
    rows = [
        TaskRow(task) for task in card.tasks.select_related("technician", "estimate_line").prefetch_related("parts")
    ]
    by_task = {row.task.pk: row for row in rows}
    for log in WorkLog.objects.filter(task__in=by_task).select_related("technician").order_by("pk"):
        row = by_task[log.task_id]
        if log.is_open:
            row.running_since, row.runner = log.period.lower, log.technician.full_name
        else:
            row.closed_seconds += int((log.period.upper - log.period.lower).total_seconds())
    done = (PartRequirement.State.ISSUED, PartRequirement.State.CANCELLED)
    for row in rows:
        row.open_parts = sum(1 for part in row.task.parts.all() if part.state not in done)
    return CardWork(rows)


def card_parts(actor: Actor, card: JobCard) -> list[PartRow]:
    """The parts of the card beside stock and orders. Orders of other companies' or without the right stay hidden."""
    parts = list(card.parts.select_related("variant__product__brand", "task").order_by("pk"))
    free = availability({part.variant_id for part in parts}, [card.warehouse_id]) if parts else {}
    orders = _orders_of(actor, {part.order_id for part in parts if part.order_id})
    return [
        PartRow(
            part,
            free.get((part.variant_id, card.warehouse_id), Decimal(0)),
            orders.get(part.order_id) if part.order_id else None,
        )
        for part in parts
    ]


def _orders_of(actor: Actor, order_ids: Iterable[UUID]) -> dict[UUID, Order]:
    wanted = list(order_ids)
    if not wanted or not actor.can("order.view"):
        return {}
    return {order.pk: order for order in list_purchases(actor).prefetch_related(None).filter(pk__in=wanted)}


def worker_ids(card: JobCard) -> set[UUID]:
    """Who has clocked time on the card, and so may not check it."""
    return set(WorkLog.objects.filter(task__job_card=card).values_list("technician_id", flat=True))


@dataclass(slots=True)
class CardGlance:
    """What a board shows of a card beyond its row."""

    technicians: list[str] = field(default_factory=list)
    tasks: int = 0
    finished: int = 0
    is_running: bool = False
    missing: int = 0
    order_numbers: list[str] = field(default_factory=list)


def glance_at(card_ids: Iterable[UUID]) -> dict[UUID, CardGlance]:
    """People, progress and missing parts of many cards at once. Two queries."""
    found = {card_id: CardGlance() for card_id in card_ids}
    for task in JobTask.objects.filter(job_card__in=found).select_related("technician").order_by("position", "pk"):
        glance = found[task.job_card_id]
        glance.tasks += 1
        glance.finished += task.state in FINISHED
        glance.is_running |= task.state == JobTask.State.IN_PROGRESS
        if task.technician and task.technician.full_name not in glance.technicians:
            glance.technicians.append(task.technician.full_name)
    waiting = (PartRequirement.State.MISSING, PartRequirement.State.ORDERED)
    for part in PartRequirement.objects.filter(job_card__in=found, state__in=waiting).order_by("pk"):
        glance = found[part.job_card_id]
        glance.missing += 1
        if part.order_number and part.order_number not in glance.order_numbers:
            glance.order_numbers.append(part.order_number)
    return found
