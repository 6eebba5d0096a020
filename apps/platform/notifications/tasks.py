"""Background entry points."""

from celery import shared_task

from apps.platform.notifications.services import bulk_run, deliver


@shared_task(name="notifications.send_due_deliveries")
def send_due_deliveries() -> int:
    """Woken after each commit that queued a message, and by the clock for retries."""
    return deliver.send_due_deliveries()


@shared_task(name="notifications.push_bulk_sends")
def push_bulk_sends() -> int:
    """The next receivers of mass mailings, every ten seconds."""
    return bulk_run.push_bulk_sends()
