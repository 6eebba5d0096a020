"""Free times, worked out on plain values: hours minus what is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open: neighbours may touch."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time of one resource."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime


def opening_spans(day: date, hours: Iterable[tuple[int, time, time]], zone: str) -> list[Span]:
    """The open spans of a local day, as moments in UTC: arithmetic on them is right on days when clocks change."""
    tz = ZoneInfo(zone)
    return [
        Span(datetime.combine(day, starts, tz).astimezone(UTC), datetime.combine(day, ends, tz).astimezone(UTC))
        for weekday, starts, ends in hours
        if weekday == day.weekday()
    ]


def calculate_slots(
    *, open_spans: Sequence[Span], taken: Sequence[Span], minutes: int, step_minutes: int, not_before: datetime
) -> list[Span]:
    """All starts on the step grid of each open span where `minutes` fit without touching what is taken."""
    length, step = timedelta(minutes=minutes), timedelta(minutes=step_minutes)
    busy = sorted(taken)
    slots: list[Span] = []
    for span in open_spans:
        start = span.start
        while start + length <= span.end:
            candidate = Span(start, start + length)
            if start >= not_before and not any(candidate.overlaps(other) for other in busy):
                slots.append(candidate)
            start += step
    return slots


def subtract_spans(spans: Iterable[Span], away: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without the times in `away`."""
    left = list(spans)
    for gap in away:
        left = [
            part
            for span in left
            for part in (Span(span.start, min(span.end, gap.start)), Span(max(span.start, gap.end), span.end))
            if part.start < part.end
        ]
    return left
