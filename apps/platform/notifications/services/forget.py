"""What notifications keep for a time only."""

from datetime import datetime
from uuid import UUID

from apps.platform.notifications.models import Delivery, Notification


def forget_read_notifications(*, before: datetime) -> int:
    """Deletes what was read before that moment; returns how many."""
    count, _by_table = Notification.objects.filter(read_at__lt=before).delete()
    return count


def forget_unread_notifications(*, before: datetime) -> int:
    """Deletes what was made before that moment and never read; returns how many."""
    count, _by_table = Notification.objects.filter(read_at__isnull=True, created_at__lt=before).delete()
    return count


def forget_deliveries(*, before: datetime) -> int:
    """Deletes messages made before that moment that will not be sent any more; returns how many."""
    ended = Delivery.objects.exclude(state=Delivery.State.QUEUED)
    count, _by_table = ended.filter(created_at__lt=before).delete()
    return count


def files_of_deliveries(ids: list[UUID]) -> set[UUID]:
    """Those of the files that a message carries."""
    rows = Delivery.objects.filter(attachments__has_any_keys=[str(key) for key in ids])
    return {UUID(key) for keys in rows.values_list("attachments", flat=True) for key in keys} & set(ids)
