"""Appointments and earlier visits, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.text import compact_key, search_key
from apps.platform.organizations.models import Branch
from apps.verticals.workshop.models import Appointment, EstimateLine, JobCard
from apps.verticals.workshop.selectors.proposals import declined_at

CLOSED = (JobCard.State.DELIVERED, JobCard.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class VisitHint:
    """What the desk should know when a vehicle comes back."""

    visits: int
    last: JobCard | None
    open_card: JobCard | None
    declined: list[EstimateLine]


def list_appointments(actor: Actor) -> "QuerySet[Appointment]":
    """The appointments that exist for the actor, by time."""
    return Appointment.objects.visible_to(actor).select_related(
        "customer", "vehicle", "branch", "resource", "organization"
    )


def search_appointments(rows: "QuerySet[Appointment]", text: str) -> "QuerySet[Appointment]":
    """By number, by any part of the plate, or by the customer: every word in name, phone or email."""
    if not text.strip():
        return rows
    by_customer = Q()
    for word in search_key(text).split():
        by_customer &= Q(customer__search_text__contains=word)
    by_plate = Q(reservation__party_key__contains=compact_key(text) or "-")
    return rows.filter(Q(number__icontains=text.strip()) | by_plate | by_customer)


def visit_hint(actor: Actor, vehicle_id: UUID) -> VisitHint:
    """Earlier visits, the card that is open now, and what was declined. Three queries."""
    cards = JobCard.objects.visible_to(actor).filter(vehicle_id=vehicle_id).exclude(state=JobCard.State.CANCELLED)
    rows = list(cards.order_by("-id"))
    return VisitHint(
        visits=len(rows),
        last=rows[0] if rows else None,
        open_card=next((row for row in rows if row.state not in CLOSED), None),
        declined=list(declined_at(vehicle_id)[:4]) if rows else [],
    )


def list_visits(
    actor: Actor, *, vehicle_id: UUID | None = None, customer_id: UUID | None = None
) -> "QuerySet[JobCard]":
    """The job cards of a vehicle or a customer, newest first, with what was approved on each (`approved_lines`)."""
    rows = JobCard.objects.visible_to(actor).select_related("vehicle__model__make", "customer", "branch")
    rows = rows.filter(Q(vehicle_id=vehicle_id) if vehicle_id else Q(customer_id=customer_id))
    lines = EstimateLine.objects.filter(estimate__state="decided", decision=EstimateLine.Decision.APPROVED).order_by(
        "position"
    )
    return rows.prefetch_related(Prefetch("estimates__lines", lines, to_attr="approved_lines")).order_by("-id")


def past_visits(card: JobCard, *, limit: int = 5) -> list[JobCard]:
    """Earlier cards of the same vehicle in this garage, newest first."""
    rows = JobCard.objects.filter(vehicle_id=card.vehicle_id, organization_id=card.organization_id, pk__lt=card.pk)
    return list(rows.select_related("check_in", "branch").order_by("-pk")[:limit])


def list_arrivals(actor: Actor, branch: Branch) -> list[Appointment]:
    """Who is expected in the branch today and has not come yet, by time."""
    zone = ZoneInfo(branch.organization.timezone)
    start = datetime.combine(local_date(zone.key), time(), zone)
    states = [Appointment.State.BOOKED, Appointment.State.CONFIRMED]
    rows = list_appointments(actor).filter(branch=branch, state__in=states, starts_at__gte=start)
    return list(rows.filter(starts_at__lt=start + timedelta(days=1)).order_by("starts_at"))
