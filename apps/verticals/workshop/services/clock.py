"""The technician's clock: one per person, kept by the database."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row, lock_rows, translate_violations
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.verticals.workshop.errors import ClockNotRunning, ClockRunning, NotYourTask, PartsNotReady, ReasonMissing
from apps.verticals.workshop.events import TaskMoved
from apps.verticals.workshop.models import JobCard, JobTask, PartRequirement, WorkLog
from apps.verticals.workshop.services.card_steps import lock_card, move_card, technician_ids, tell_card_changed
from apps.verticals.workshop.states import JOB_CARD, TASK

STARTING = (JobCard.State.APPROVED, JobCard.State.ASSIGNED)


# A tap that could not be sent at once counts from its own moment, if it is not older than a shift.
LATEST_TAP = timedelta(hours=12)


@transaction.atomic
def start_clock(actor: Actor, task: JobTask, *, at: datetime | None = None) -> WorkLog:
    """Starts the person's clock on the task; a second start of the same one answers with the running clock.

    `at` is the moment of the tap when the phone had no connection; never before the person's last clock ended.
    Raises NotYourTask, ClockRunning (naming the other task), IllegalMove.
    """
    actor.require("task.work")
    card = lock_card(actor, task.job_card)
    task = lock_row(task)
    _check_is_mine(actor, task)
    running = WorkLog.objects.select_related("task").filter(technician_id=actor.user_id, is_open=True).first()
    if running is not None:
        if running.task_id == task.pk:
            return running
        raise ClockRunning(details={"task": running.task.description, "task_id": str(running.task_id)})
    _check_card_is_workable(card)
    TASK.move(task, "start")
    task.technician_id = task.technician_id or actor.user_id
    task.save_changes("state", "technician")
    with translate_violations({"work_log_one_open_clock": ClockRunning, "work_log_overlap": ClockRunning}):
        log = WorkLog.objects.create(
            organization_id=task.organization_id,
            branch_id=task.branch_id,
            task=task,
            technician_id=actor.require_user(),
            period=DateTimeTZRange(_start_of(actor, at), None),
        )
    if card.state in STARTING:
        card.started_at = card.started_at or now()
        move_card(actor, card, "start", "started_at")
    _tell(actor, card, task)
    return log


@transaction.atomic
def stop_clock(actor: Actor, task: JobTask, *, at: datetime | None = None) -> WorkLog:
    """Stops the person's clock on the task (`at` the moment of a late tap), which is then paused. Raises ClockNotRunning."""
    actor.require("task.work")
    card = lock_card(actor, task.job_card)
    task = lock_row(task)
    log = _close_clock(actor, task, at)
    if log is None:
        raise ClockNotRunning
    TASK.move(task, "pause")
    task.save_changes("state")
    _tell(actor, card, task)
    return log


@transaction.atomic
def switch_clock(actor: Actor, task: JobTask, *, at: datetime | None = None) -> WorkLog:
    """Starts the person's clock on the task and pauses the one it ran on. Raises NotYourTask, IllegalMove."""
    actor.require("task.work")
    running = WorkLog.objects.select_related("task__job_card").filter(technician_id=actor.user_id, is_open=True).first()
    if running is not None and running.task_id != task.pk:
        lock_rows(JobCard.objects.all(), {running.task.job_card_id, task.job_card_id})
        stop_clock(actor, running.task, at=at)
    return start_clock(actor, task, at=at)


@transaction.atomic
def complete_task(
    actor: Actor,
    task: JobTask,
    *,
    cause: str = "",
    correction: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> JobTask:
    """The work is done: clock stopped (`at` the moment of a late tap), cause and correction written down.

    Raises PartsNotReady, NotYourTask, IllegalMove.
    """
    actor.require("task.work")
    card = lock_card(actor, task.job_card)
    task = lock_row(task)
    task.check_version(version)
    _check_is_mine(actor, task)
    waiting = task.parts.exclude(state__in=[PartRequirement.State.ISSUED, PartRequirement.State.CANCELLED])
    if waiting.exists():
        raise PartsNotReady(details={"parts": list(waiting.values_list("variant__sku", flat=True))})
    for log in task.work_logs.select_for_update().filter(is_open=True):
        _close(log, at)
    TASK.move(task, "complete")
    task.completed_at = now()
    task.cause, task.correction = cause.strip() or task.cause, correction.strip() or task.correction
    task.save_changes("state", "completed_at", "cause", "correction")
    record(actor, "job_card.task_completed", card, data={"task": task.description}, is_public=True)
    _tell(actor, card, task)
    return task


@transaction.atomic
def skip_task(actor: Actor, task: JobTask, *, reason: str) -> JobTask:
    """Leaves a task out, with the reason. Raises ReasonMissing, IllegalMove."""
    actor.require("job_card.assign")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    card = lock_card(actor, task.job_card)
    task = lock_row(task)
    TASK.move(task, "skip")
    task.skip_reason = reason.strip()[:200]
    task.save_changes("state", "skip_reason")
    record(actor, "job_card.task_skipped", card, data={"task": task.description, "reason": task.skip_reason})
    _tell(actor, card, task)
    return task


def pause_all_clocks(actor: Actor, card: JobCard) -> None:
    """Stops every running clock of the card; its tasks are paused."""
    for task in card.tasks.select_for_update().filter(state=JobTask.State.IN_PROGRESS):
        for log in task.work_logs.select_for_update().filter(is_open=True):
            _close(log)
        TASK.move(task, "pause")
        task.save_changes("state")
        _tell(actor, card, task)


def _check_is_mine(actor: Actor, task: JobTask) -> None:
    if task.technician_id not in (None, actor.user_id) and not actor.can("job_card.assign"):
        raise NotYourTask


def _check_card_is_workable(card: JobCard) -> None:
    """Work goes on approved, assigned and running cards; while one part is missing, on the other tasks."""
    if card.state not in (JobCard.State.IN_PROGRESS, JobCard.State.WAITING_PARTS):
        JOB_CARD.check(card, "start")


def _start_of(actor: Actor, at: datetime | None) -> datetime:
    """When the clock starts: at the tap, but neither in the future nor before the person's last clock ended."""
    present = now()
    if at is None or at >= present:
        return present
    last = WorkLog.objects.filter(technician_id=actor.user_id, is_open=False).order_by("-period__endswith").first()
    return max(at, present - LATEST_TAP, last.period.upper if last else at)


def _close_clock(actor: Actor, task: JobTask, at: datetime | None) -> WorkLog | None:
    log = task.work_logs.select_for_update().filter(is_open=True, technician_id=actor.user_id).first()
    if log is not None:
        _close(log, at)
    return log


def _close(log: WorkLog, at: datetime | None = None) -> None:
    end = min(at or now(), now())
    log.period = DateTimeTZRange(log.period.lower, max(end, log.period.lower))
    log.is_open = False
    log.save(update_fields=["period", "is_open"])


def _tell(actor: Actor, card: JobCard, task: JobTask) -> None:
    tell_card_changed(actor, card, "tasks")
    publish(
        actor,
        TaskMoved(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            task_id=task.pk,
            state=task.state,
            technicians=technician_ids(card),
        ),
    )
