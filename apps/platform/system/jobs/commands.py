"""Starting, cancelling and repeating jobs."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_visible
from apps.platform.audit.services import record
from apps.platform.system.errors import JobNotRepeatable, JobOver
from apps.platform.system.jobs.registry import JOBS, tell_stopped
from apps.platform.system.jobs.waking import show, wake
from apps.platform.system.models import JobRun


@transaction.atomic
def start_job(
    actor: Actor,
    name: str,
    *,
    label: str,
    arguments: Mapping[str, Any] | None = None,
    organization_id: UUID | None = None,
) -> JobRun:
    """Queues a job of a declared kind; a worker takes it up after the caller's transaction. `arguments` are plain values.

    The caller has made sure that the actor may do this. Raises KeyError for a kind that nobody declared.
    """
    kind = JOBS[name]
    job = JobRun.objects.create(
        name=kind.name,
        label=label[:160],
        arguments=dict(arguments or {}),
        organization_id=organization_id or actor.organization_id,
        user_id=actor.user_id,
    )
    transaction.on_commit(partial(wake, kind.name))
    return job


@transaction.atomic
def cancel_job(actor: Actor, job: JobRun) -> JobRun:
    """A waiting job never starts; a running one ends at its next report. Raises JobOver when it has ended already."""
    row = lock_visible(actor, job)
    if row.state not in (JobRun.State.QUEUED, JobRun.State.RUNNING):
        raise JobOver
    row.state, row.finished_at = JobRun.State.CANCELLED, now()
    row.save(update_fields=["state", "finished_at"])
    tell_stopped(row.name, row)
    record(actor, "job.cancelled", row, data={"label": str(row)}, is_platform=row.organization_id is None)
    transaction.on_commit(partial(show, row))
    return row


@transaction.atomic
def retry_job(actor: Actor, job: JobRun) -> JobRun:
    """Queues a failed or cancelled job anew. Raises JobNotRepeatable for one that waits, runs or is done."""
    row = lock_visible(actor, job)
    if row.state not in (JobRun.State.FAILED, JobRun.State.CANCELLED) or row.name not in JOBS:
        raise JobNotRepeatable
    row.state, row.progress, row.note, row.losses = JobRun.State.QUEUED, 0, "", 0
    row.error, row.finished_at, row.not_before = "", None, None
    row.save(update_fields=["state", "progress", "note", "losses", "error", "finished_at", "not_before"])
    record(actor, "job.retried", row, data={"label": str(row)}, is_platform=row.organization_id is None)
    transaction.on_commit(partial(wake, row.name))
    transaction.on_commit(partial(show, row))
    return row
