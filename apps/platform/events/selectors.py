"""Reading the outbox."""

from datetime import timedelta

from django.db.models import QuerySet

from apps.core.clock import now
from apps.platform.events.models import OutboxEvent

STUCK_AFTER = 6


def list_waiting() -> QuerySet[OutboxEvent]:
    """Events with something left to do, oldest first."""
    return OutboxEvent.objects.filter(relayed_at__isnull=True).order_by("id")


def list_stuck() -> QuerySet[OutboxEvent]:
    """Events with a reaction that failed again and again. They are tried once an hour; staff may try at once."""
    return list_waiting().filter(attempts__gte=STUCK_AFTER)


def queue_delay() -> timedelta:
    """For how long the oldest event that never failed has been waiting; zero when nothing waits."""
    oldest = list_waiting().filter(attempts=0).values_list("created_at", flat=True).first()
    return max(now() - oldest, timedelta()) if oldest else timedelta()
