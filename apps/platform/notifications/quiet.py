"""Quiet hours as they hold for one message."""

from datetime import datetime

from apps.core.clock import now
from apps.platform.notifications import promotions
from apps.platform.notifications.models import Delivery, QuietHours
from apps.platform.notifications.registry import TYPES
from apps.platform.notifications.rules import end_of_quiet


def quiet_until(row: Delivery) -> datetime | None:
    """When this message may go out; None for now. Security messages always may."""
    kind = TYPES.get(row.type)
    if kind is not None and kind.is_mandatory:
        return None
    closed = promotions.closed_until(row) if kind is not None and kind.is_promotional else None
    return max((at for at in (closed, _own_quiet(row)) if at is not None), default=None)


def _own_quiet(row: Delivery) -> datetime | None:
    """The receiver's quiet hours."""
    if row.user_id is None:
        return None
    hours = QuietHours.objects.select_related("user").filter(user_id=row.user_id, is_on=True).first()
    if hours is None:
        return None
    return end_of_quiet(hours.begins_at, hours.ends_at, zone=hours.user.timezone, at=now())
