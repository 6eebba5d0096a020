"""Background entry points."""

import time

from celery import shared_task
from django.core.cache import cache

from apps.platform.system.services import clean_up as cleaning
from apps.platform.system.services.check_health import HEARTBEAT_KEY


@shared_task(name="system.worker_heartbeat", expires=30)
def worker_heartbeat() -> None:
    """Says that a worker takes jobs; read by /readyz."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=3600)


@shared_task(name="system.clean_up")
def clean_up() -> dict[str, int]:
    """Deletes what is kept for a time only."""
    return cleaning.clean_up()
