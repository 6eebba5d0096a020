"""What the clock starts."""

from celery import shared_task

from apps.engines.inventory import services


@shared_task(name="inventory.release_expired_reservations")
def release_expired_reservations() -> int:
    return services.release_expired_reservations()
