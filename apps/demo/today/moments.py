"""Letting the services act at a moment of the last hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

from apps.demo.masters.companies import Site
from apps.demo.world import ZONE

LONGEST = timedelta(hours=6)
SETTLED = timedelta(hours=1)
AFTER_HOURS = timedelta(hours=4)


@contextmanager
def happening_at(moment: datetime) -> Iterator[None]:
    """Everything done inside happens at that moment, stamps and document numbers included."""
    with patch.object(timezone, "now", lambda: moment):
        yield


@dataclass(frozen=True)
class Span:
    """The hours that the open cards tell of, ending now."""

    start: datetime
    end: datetime

    def at(self, share: float) -> datetime:
        return self.start + (self.end - self.start) * share


def last_hours(site: Site, now: datetime) -> Span:
    """This working day so far; before and long after it, and on days off, simply the last four hours."""
    local = now.astimezone(ZONE)
    opening = site.opening(local.date())
    if opening:
        first, last = (datetime.combine(local.date(), one, ZONE) for one in (opening[0][0], opening[-1][1]))
        if first + SETTLED <= local <= last + AFTER_HOURS:
            end = min(local, last)
            return Span(max(first, end - LONGEST), end)
    return Span(local - AFTER_HOURS, local)
