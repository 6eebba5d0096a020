"""Background entry points of calendars."""

from celery import shared_task

from apps.core.actor import system_actor
from apps.engines.scheduling import services


@shared_task(name="scheduling.release_expired_holds")
def release_expired_holds() -> None:
    services.release_expired_holds(system_actor())
