"""Reads of calendars."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.engines.scheduling.models import LIVE_STATES, Reservation, Resource, TimeOff, WorkingHours
from apps.engines.scheduling.rules import Slot, Span, calculate_slots, opening_spans, subtract_spans
from apps.platform.organizations.models import Branch
from apps.platform.system.settings import get_setting

STEP_MINUTES = 30


def list_resources(actor: Actor, *, branch_id: UUID | None = None, kind: str = "") -> "QuerySet[Resource]":
    """Active resources that exist for the actor."""
    rows = Resource.objects.visible_to(actor).filter(is_active=True)
    rows = rows.filter(branch_id=branch_id) if branch_id else rows
    return rows.filter(kind=kind) if kind else rows


def list_free_slots(branch: Branch, *, day: date, minutes: int, kind: str = "bay", days: int = 1) -> list[Slot]:
    """Free times of all resources of a kind in the branch for some local days, by time then resource. Four queries."""
    zone = branch.organization.timezone
    resources = list(Resource.objects.filter(branch=branch, kind=kind, is_active=True))
    ids = [resource.pk for resource in resources]
    hours = _hours(ids)
    window = _window(day, days, zone)
    taken = _taken(ids, window)
    notice = get_setting("scheduling.notice_minutes", branch.organization_id, branch.pk)
    earliest = now() + timedelta(minutes=notice)
    slots: list[Slot] = []
    for offset in range(days):
        for resource in resources:
            spans = calculate_slots(
                open_spans=opening_spans(day + timedelta(days=offset), hours[resource.pk], zone),
                taken=taken[resource.pk],
                minutes=minutes,
                step_minutes=STEP_MINUTES,
                not_before=earliest,
            )
            slots.extend(Slot(resource.pk, span.start, span.end) for span in spans)
    return sorted(slots, key=lambda slot: slot.starts_at)


def next_free_times(resource: Resource, *, minutes: int, count: int = 3) -> list[datetime]:
    """The next free starts in the resource's branch: what a refused visitor is offered."""
    branch = Branch.objects.select_related("organization").get(pk=resource.branch_id)
    slots = list_free_slots(
        branch, day=local_date(branch.organization.timezone), minutes=minutes, kind=resource.kind, days=7
    )
    return sorted({slot.starts_at for slot in slots})[:count]


def is_within_hours(resource: Resource, span: Span, zone: str) -> bool:
    """Whether the span lies inside one open span of its day and touches no time off."""
    day = local_date(zone, span.start)
    spans = opening_spans(day, _hours([resource.pk])[resource.pk], zone)
    is_open = any(open_span.contains(span) for open_span in spans)
    period = DateTimeTZRange(span.start, span.end)
    return is_open and not TimeOff.objects.filter(resource=resource, period__overlap=period).exists()


def _hours(ids: list[UUID]) -> dict[UUID, list[tuple]]:
    hours: dict[UUID, list[tuple]] = defaultdict(list)
    for row in WorkingHours.objects.filter(resource_id__in=ids):
        hours[row.resource_id].append((row.weekday, row.starts_at, row.ends_at))
    return hours


def _window(day: date, days: int, zone: str) -> DateTimeTZRange:
    from_midnight = opening_spans(day, [(day.weekday(), datetime.min.time(), datetime.max.time())], zone)[0]
    return DateTimeTZRange(from_midnight.start, from_midnight.start + timedelta(days=days))


def _taken(ids: list[UUID], window: DateTimeTZRange) -> dict[UUID, list[Span]]:
    taken: dict[UUID, list[Span]] = defaultdict(list)
    reservations = Reservation.objects.filter(resource_id__in=ids, state__in=LIVE_STATES, period__overlap=window)
    for resource_id, period in reservations.values_list("resource_id", "period"):
        taken[resource_id].append(Span(period.lower, period.upper))
    for resource_id, period in TimeOff.objects.filter(resource_id__in=ids, period__overlap=window).values_list(
        "resource_id", "period"
    ):
        taken[resource_id].append(Span(period.lower, period.upper))
    return taken


def list_open_spans(ids: list[UUID], *, day: date, zone: str, days: int = 1) -> dict[UUID, list[Span]]:
    """When the resources are open on some local days: working hours without their time off. Two queries."""
    hours = _hours(ids)
    off: dict[UUID, list[Span]] = defaultdict(list)
    rows = TimeOff.objects.filter(resource_id__in=ids, period__overlap=_window(day, days, zone))
    for resource_id, period in rows.values_list("resource_id", "period"):
        off[resource_id].append(Span(period.lower, period.upper))
    found: dict[UUID, list[Span]] = {}
    for key in ids:
        spans = [
            span for offset in range(days) for span in opening_spans(day + timedelta(days=offset), hours[key], zone)
        ]
        found[key] = sorted(subtract_spans(spans, off[key]))
    return found
