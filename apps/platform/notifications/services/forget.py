"""What notifications keep for a time only."""

from datetime import datetime

from apps.platform.notifications.models import Notification


def forget_read_notifications(*, before: datetime) -> int:
    """Deletes what was read before that moment; returns how many."""
    count, _by_table = Notification.objects.filter(read_at__lt=before).delete()
    return count
