"""Telling workers and screens about jobs; both may be away, the sweep by the clock makes up for it."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.platform.realtime.services import broadcast
from apps.platform.system.models import JobRun

logger = logging.getLogger(__name__)


def wake(name: str, *, after_seconds: float = 0) -> None:
    """Asks a worker for the next waiting job of this kind."""
    try:
        current_app.send_task("system.run_job", args=[name], retry=False, countdown=after_seconds or None)
    except (OperationalError, OSError) as error:
        logger.warning("worker not woken for %s: %s", name, error)


def show(job: JobRun) -> None:
    """Tells the screens that follow the job where it is."""
    try:
        broadcast(f"job:{job.pk}", "job.moved", {"id": str(job.pk), "state": job.state, "progress": job.progress})
    except (RedisError, OSError) as error:
        logger.warning("screens not told of job %s: %s", job.pk, error)
