"""Background entry points."""

from celery import shared_task

from apps.platform.events import relay


@shared_task(name="events.relay_outbox")
def relay_outbox() -> int:
    """Woken after each commit that published something, and by the clock for what a lost wake-up left."""
    return relay.relay_outbox()
