"""Background entry points."""

from celery import shared_task

from apps.platform.webhooks.services import send


@shared_task(name="webhooks.send_due")
def send_due() -> int:
    """Woken after each commit that queued a message, and by the clock for retries."""
    return send.send_due()
