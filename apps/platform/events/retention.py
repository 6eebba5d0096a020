"""The outbox is kept for a time only."""

from datetime import datetime

from apps.platform.events.models import OutboxEvent


def forget_relayed_events(*, before: datetime) -> int:
    """Deletes events whose relay was finished before the moment; returns how many. What waits or is stuck stays."""
    _count, by_table = OutboxEvent.objects.filter(relayed_at__lt=before).delete()
    return by_table.get(OutboxEvent._meta.label, 0)
