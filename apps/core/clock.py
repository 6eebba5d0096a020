"""Time: stored in UTC, thought of in the zone of the place where it happens."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


def now() -> datetime:
    """The present moment, aware, UTC."""
    return timezone.now()


def local_date(zone: str = DEFAULT_ZONE, at: datetime | None = None) -> date:
    """The calendar day at `at` (default: now) in `zone`."""
    return (at or now()).astimezone(ZoneInfo(zone)).date()


def local_time(at: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    return at.astimezone(ZoneInfo(zone))
