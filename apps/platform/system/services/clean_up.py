"""The nightly clean-up, as a job."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import DatabaseError

from apps.core.actor import Actor, system_actor
from apps.core.errors import BusinessError
from apps.platform.system.clean_ups import CLEAN_UPS
from apps.platform.system.jobs import RunningJob, start_job
from apps.platform.system.models import IdempotencyRecord, JobRun

logger = logging.getLogger(__name__)
JOB = "system.clean_up"
Report = Callable[[float, str], None]


class CleanUpFailed(BusinessError):
    rule = "clean_up_failed"


def start_clean_up(actor: Actor | None = None) -> JobRun | None:
    """Queues the clean-up unless one waits or runs already."""
    if JobRun.objects.filter(name=JOB, state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING]).exists():
        return None
    return start_job(actor or system_actor(), JOB, label="")


def run_clean_up(job: RunningJob) -> dict[str, int]:
    """The function of the job."""
    return clean_up(job.report)


def clean_up(report: Report = lambda percent, text: None) -> dict[str, int]:
    """Follows every rule; returns how many rows went, by rule. A rule that fails does not stop the others.

    Raises CleanUpFailed at the end when some failed.
    """
    counts, failed = {}, []
    for number, rule in enumerate(CLEAN_UPS.values()):
        report(100 * number / len(CLEAN_UPS), str(rule.label))
        before = rule.before()
        if before is None:
            continue
        try:
            counts[rule.name] = rule.run(before=before)
        except (DatabaseError, OSError) as error:
            logger.exception("clean-up of %s failed", rule.name)
            failed.append(f"{rule.name}: {type(error).__name__}")
    if failed:
        raise CleanUpFailed(", ".join(failed))
    return counts


def forget_idempotency_keys(*, before: datetime) -> int:
    count, _by_table = IdempotencyRecord.objects.filter(created_at__lt=before).delete()
    return count


def forget_jobs(*, before: datetime) -> int:
    count, _by_table = JobRun.objects.filter(finished_at__lt=before).delete()
    return count


def forget_browser_sessions(*, before: datetime) -> int:
    """Sessions of browsers whose cookie ran out before the moment."""
    count, _by_table = Session.objects.filter(expire_date__lt=before).delete()
    return count
