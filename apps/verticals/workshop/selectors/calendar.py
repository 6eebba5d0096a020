"""The calendar of a branch: bays side by side, what stands in them, what is still free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.engines.scheduling.models import Resource
from apps.engines.scheduling.rules import Span
from apps.engines.scheduling.selectors import list_open_spans, list_resources
from apps.platform.organizations.models import Branch
from apps.verticals.workshop.models import Appointment, JobCard
from apps.verticals.workshop.selectors.visits import list_appointments

GONE = (Appointment.State.CANCELLED, Appointment.State.NO_SHOW)
IN_BAY = (JobCard.State.ASSIGNED, JobCard.State.IN_PROGRESS, JobCard.State.WAITING_PARTS, JobCard.State.QUALITY_CHECK)
SLOT = timedelta(minutes=30)
EARLIEST, LATEST = 7, 19


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the grid: rows of a quarter of an hour, counted from the first hour shown."""

    row: int
    rows: int


@dataclass(frozen=True, slots=True)
class Block:
    appointment: Appointment
    place: Place


@dataclass(frozen=True, slots=True)
class FreeSlot:
    starts_at: datetime
    place: Place


@dataclass(slots=True)
class BayDay:
    """One column: a bay on one day. `closed` are the times outside its hours; `card` is the vehicle in it now."""

    bay: Resource
    blocks: list[Block] = field(default_factory=list)
    free: list[FreeSlot] = field(default_factory=list)
    closed: list[Place] = field(default_factory=list)
    card: JobCard | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    first_hour: int
    last_hour: int
    bays: list[BayDay]
    now_row: int | None
    offset: str

    @property
    def hours(self) -> list[Place]:
        return [Place(hour * 4, 4) for hour in range(self.last_hour - self.first_hour)]

    @property
    def count(self) -> int:
        return sum(len(bay.blocks) for bay in self.bays)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the week: its appointments by time and how much of the open time is taken."""

    day: date
    appointments: list[Appointment]
    percent: int
    is_open: bool


def calendar_day(actor: Actor, branch: Branch, day: date) -> CalendarDay:
    """The bays of the branch on one day. A fixed number of queries."""
    zone = ZoneInfo(branch.organization.timezone)
    bays = list(list_resources(actor, branch_id=branch.pk, kind=Resource.Kind.BAY))
    rows = list(_appointments(actor, branch, day, 1))
    spans = list_open_spans([bay.pk for bay in bays], day=day, zone=zone.key)
    first, last = _hours_shown(rows, spans.values(), zone)
    start = datetime.combine(day, time(first), zone)
    cards = _cards_in(bays) if day == local_date(zone.key) else {}
    by_bay: dict[UUID, list[Appointment]] = defaultdict(list)
    for row in rows:
        by_bay[row.resource_id].append(row)
    columns = [
        _column(bay, by_bay[bay.pk], spans[bay.pk], start, (last - first) * 4, cards.get(bay.pk)) for bay in bays
    ]
    offset = f"{start:%z}"
    return CalendarDay(day, first, last, columns, _now_row(start, (last - first) * 4), f"{offset[:3]}:{offset[3:]}")


def calendar_week(actor: Actor, branch: Branch, monday: date) -> list[WeekDay]:
    """Seven days of the branch from `monday` on. A fixed number of queries."""
    zone = ZoneInfo(branch.organization.timezone)
    ids = [bay.pk for bay in list_resources(actor, branch_id=branch.pk, kind=Resource.Kind.BAY)]
    by_day: dict[date, list[Appointment]] = defaultdict(list)
    for row in _appointments(actor, branch, monday, 7):
        by_day[local_date(zone.key, row.starts_at)].append(row)
    spans = list_open_spans(ids, day=monday, zone=zone.key, days=7)
    found = []
    for day in (monday + timedelta(days=offset) for offset in range(7)):
        open_time = sum(
            (
                span.end - span.start
                for row in spans.values()
                for span in row
                if local_date(zone.key, span.start) == day
            ),
            timedelta(),
        )
        taken = sum((row.ends_at - row.starts_at for row in by_day[day]), timedelta())
        percent = min(100, round(100 * taken / open_time)) if open_time else 0
        found.append(WeekDay(day, by_day[day], percent, bool(open_time)))
    return found


def _appointments(actor: Actor, branch: Branch, day: date, days: int) -> Iterable[Appointment]:
    start = datetime.combine(day, time(), ZoneInfo(branch.organization.timezone))
    window = {"starts_at__gte": start, "starts_at__lt": start + timedelta(days=days)}
    rows = list_appointments(actor).filter(branch=branch, **window).exclude(state__in=GONE)
    return rows.select_related("customer", "vehicle__model__make", "resource").order_by("starts_at", "resource_id")


def _hours_shown(rows: Sequence[Appointment], spans: Iterable[list[Span]], zone: ZoneInfo) -> tuple[int, int]:
    """First and last hour of the grid: the usual day, wider where a bay opens earlier or somebody comes later."""
    moments = [span for row in spans for span in row] + [Span(row.starts_at, row.ends_at) for row in rows]
    starts = [span.start.astimezone(zone).hour for span in moments]
    ends = [(span.end - timedelta(seconds=1)).astimezone(zone).hour + 1 for span in moments]
    return min([EARLIEST, *starts]), max([LATEST, *ends])


def _column(
    bay: Resource, rows: list[Appointment], spans: list[Span], start: datetime, height: int, card: JobCard | None
) -> BayDay:
    column = BayDay(bay, card=card)
    column.blocks = [Block(row, _place(Span(row.starts_at, row.ends_at), start)) for row in rows]
    taken = [Span(row.starts_at, row.ends_at) for row in rows]
    for span in spans:
        moment = span.start
        while moment + SLOT <= span.end:
            slot = Span(moment, moment + SLOT)
            if moment >= now() and not any(slot.overlaps(other) for other in taken):
                column.free.append(FreeSlot(moment, _place(slot, start)))
            moment += SLOT
    column.closed = _gaps([_place(span, start) for span in sorted(spans)], height)
    return column


def _gaps(open_places: list[Place], height: int) -> list[Place]:
    gaps, row = [], 0
    for place in open_places:
        if place.row > row:
            gaps.append(Place(row, place.row - row))
        row = max(row, place.row + place.rows)
    return [*gaps, Place(row, height - row)] if row < height else gaps


def _place(span: Span, start: datetime) -> Place:
    quarter = timedelta(minutes=15)
    row = (span.start - start) // quarter
    return Place(row, max(1, -((start - span.end) // quarter) - row))


def _now_row(start: datetime, height: int) -> int | None:
    row = (now() - start) // timedelta(minutes=15)
    return row if 0 <= row < height else None


def _cards_in(bays: list[Resource]) -> dict[UUID, JobCard]:
    rows = JobCard.objects.filter(bay__in=bays, state__in=IN_BAY).select_related("vehicle").order_by("started_at")
    return {row.bay_id: row for row in rows if row.bay_id}
