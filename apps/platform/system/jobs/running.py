"""One job at work: taken under the limits, alive by its heartbeat, stopped when cancelled or taken by another worker.

`attempts` is the token of the run: whoever holds an older number may write nothing more on the row.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet

from apps.core.clock import now
from apps.core.errors import BusinessError
from apps.platform.system.jobs.registry import JOBS, JobKind, tell_stopped
from apps.platform.system.jobs.waking import show, wake
from apps.platform.system.models import JobRun
from apps.platform.system.settings import get_setting

logger = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
# Screens are told at most so often; the last word is always told.
_SHOW_SECONDS = 0.3
_LOCK = 4_217_002


class JobStopped(Exception):
    """The job was cancelled, or counts as lost and belongs to another worker now. Its function must not catch this."""


@dataclass(frozen=True, slots=True)
class ComeBack:
    """Returned by the function of a job that has nothing to do for a while: it is called again then.

    Meanwhile no worker is held. The job counts against the limit of its kind all the same, for it has begun.
    """

    seconds: float


class RunningJob:
    """What the function of a job gets. `arguments` are those of `start_job`."""

    def __init__(self, row: JobRun) -> None:
        self.row = row
        self._shown = 0.0

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.row.arguments)

    @property
    def organization_id(self) -> UUID | None:
        return self.row.organization_id

    @property
    def user_id(self) -> UUID | None:
        return self.row.user_id

    def report(self, percent: float, text: str = "") -> None:
        """Tells how far it is, 0 to 100. Raises JobStopped when it should not go on.

        Call it outside of long transactions: inside, nobody sees it before the end.
        """
        self.row.progress, self.row.note = max(0, min(100, int(percent))), str(text)[:160]
        self._write(progress=self.row.progress, note=self.row.note, heartbeat_at=now())
        if time.monotonic() - self._shown > _SHOW_SECONDS:
            self._shown = time.monotonic()
            show(self.row)

    def finish(self, state: str, *, result: Any = None, error: str = "") -> None:
        """Writes how it ended and tells the screens. Raises JobStopped when it was stopped meanwhile."""
        self.close(state, result=result, error=error)
        show(self.row)

    def close(self, state: str, *, result: Any = None, error: str = "") -> None:
        """Writes how it ended. Raises JobStopped when it was stopped meanwhile."""
        progress = 100 if state == JobRun.State.DONE else self.row.progress
        self.row.state, self.row.progress = state, progress
        self._write(state=state, progress=progress, result=result, error=error[:2000], finished_at=now())

    def come_back(self, seconds: float) -> None:
        """Gives the worker free until then. What was done so far is done: earlier lost workers count no more."""
        self._write(state=JobRun.State.QUEUED, not_before=now() + timedelta(seconds=seconds), losses=0)
        wake(self.row.name, after_seconds=seconds)

    def beat(self) -> None:
        """Says that its worker lives."""
        self._own().update(heartbeat_at=now())

    def _own(self) -> QuerySet[JobRun]:
        return JobRun.objects.filter(pk=self.row.pk, attempts=self.row.attempts, state=JobRun.State.RUNNING)

    def _write(self, **values: Any) -> None:
        if not self._own().update(**values):
            raise JobStopped


def run_next(name: str) -> JobRun | None:
    """Runs the longest waiting job of a kind if the limits leave room; returns it as it ended, None when there is none.

    A failure is kept on the job and raised on, for the log. Afterwards other waiting jobs get their chance.
    """
    kind = JOBS[name]
    row = take_next(kind)
    if row is None:
        return None
    job = RunningJob(row)
    try:
        with heartbeat(job):
            outcome = kind.run(job)
            if isinstance(outcome, ComeBack):
                job.come_back(outcome.seconds)
            else:
                job.finish(JobRun.State.DONE, result=outcome)
    except JobStopped:
        logger.info("job %s was stopped", row.pk)
    except Exception as error:
        fail(job, error)
        raise
    finally:
        wake_waiting()
    return JobRun.objects.get(pk=row.pk)


def fail(job: RunningJob, error: Exception) -> None:
    """Keeps the reason on the job; a job that was stopped meanwhile keeps what it has."""
    text = str(error) if isinstance(error, BusinessError) else f"{type(error).__name__}: {error}"
    try:
        with transaction.atomic():
            job.close(JobRun.State.FAILED, error=text)
            tell_stopped(job.row.name, job.row)
        show(job.row)
    except JobStopped:
        logger.info("job %s was stopped before it failed", job.id)


def take_next(kind: JobKind) -> JobRun | None:
    """Marks the longest waiting job of the kind as running, or None. One worker at a time counts and takes."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        running = Counter(JobRun.objects.filter(state=JobRun.State.RUNNING).values_list("name", flat=True))
        if running[kind.name] >= kind.at_once or running.total() >= get_setting("jobs.at_once"):
            return None
        row = _due(kind, running[kind.name]).order_by("id").select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        _begin(row)
    show(row)
    return row


def _due(kind: JobKind, running: int) -> QuerySet[JobRun]:
    """Jobs that go on after a break, and new ones while the limit of the kind allows."""
    waiting = JobRun.objects.filter(state=JobRun.State.QUEUED, name=kind.name)
    begun = running + waiting.filter(not_before__isnull=False).count()
    if begun < kind.at_once:
        return waiting.exclude(not_before__gt=now())
    return waiting.filter(not_before__lte=now())


def _begin(row: JobRun) -> None:
    """A job that goes on after a break is still in the same run."""
    if row.not_before is None:
        row.attempts += 1
        row.started_at = now()
    row.state, row.error, row.not_before, row.heartbeat_at = JobRun.State.RUNNING, "", None, now()
    row.save(update_fields=["state", "attempts", "error", "not_before", "started_at", "heartbeat_at"])


def wake_waiting() -> None:
    """Asks for workers for every kind of which jobs wait."""
    waiting = JobRun.objects.filter(state=JobRun.State.QUEUED, name__in=list(JOBS)).exclude(not_before__gt=now())
    waiting = waiting.order_by()
    for name in waiting.values_list("name", flat=True).distinct():
        wake(name)


@contextmanager
def heartbeat(job: RunningJob) -> Iterator[None]:
    """Beats from a thread with a connection of its own, so that long steps do not look like a lost worker."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, over), name=f"job-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job: RunningJob, over: threading.Event) -> None:
    while not over.wait(BEAT_SECONDS):
        try:
            job.beat()
        except DatabaseError as error:
            logger.warning("heartbeat of job %s missed: %s", job.id, error)
        finally:
            connection.close()


def count_loss(rows: QuerySet[JobRun], **values: Any) -> int:
    """Notes that the worker of these jobs was lost."""
    return rows.update(losses=F("losses") + 1, **values)
