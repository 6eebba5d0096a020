"""Background entry points."""

from celery import shared_task

from apps.platform.notifications.services import deliver


@shared_task(name="notifications.send_due_deliveries")
def send_due_deliveries() -> int:
    """Woken after each commit that queued a message, and by the clock for retries."""
    return deliver.send_due_deliveries()
