"""Background entry points."""

import time

from celery import shared_task
from django.core.cache import cache

from apps.platform.system.jobs import looking_after, running
from apps.platform.system.services import clean_up as cleaning
from apps.platform.system.services.check_health import HEARTBEAT_KEY


@shared_task(name="system.worker_heartbeat", expires=30)
def worker_heartbeat() -> None:
    """Says that a worker takes jobs; read by /readyz."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=3600)


@shared_task(name="system.clean_up")
def clean_up() -> None:
    """Every night: queues the job that deletes what is kept for a time only."""
    cleaning.start_clean_up()


# A long job outlives the broker's patience: the message comes again and finds the job taken.
@shared_task(name="system.run_job", time_limit=6 * 3600)
def run_job(name: str) -> None:
    """Woken when a job of this kind is queued and when room becomes free."""
    running.run_next(name)


@shared_task(name="system.look_after_jobs", expires=60)
def look_after_jobs() -> int:
    """Takes up jobs of lost workers and those whose wake-up was lost."""
    return looking_after.look_after_jobs()
