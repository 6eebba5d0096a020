"""Appointments, ready to be shown."""

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.verticals.workshop.models import Appointment, JobCard


def list_appointments(actor: Actor) -> "QuerySet[Appointment]":
    """The appointments that exist for the actor, by time."""
    return Appointment.objects.visible_to(actor).select_related(
        "customer", "vehicle", "branch", "resource", "organization"
    )


def search_appointments(rows: "QuerySet[Appointment]", text: str) -> "QuerySet[Appointment]":
    """By number, plate or customer."""
    found = Q(number__icontains=text.strip()) | Q(reservation__party_key__contains=compact_key(text) or "-")
    for word in search_key(text).split():
        found |= Q(customer__search_text__contains=word)
    return rows.filter(found) if text.strip() else rows


def past_visits(card: JobCard, *, limit: int = 5) -> list[JobCard]:
    """Earlier cards of the same vehicle in this garage, newest first."""
    rows = JobCard.objects.filter(vehicle_id=card.vehicle_id, organization_id=card.organization_id, pk__lt=card.pk)
    return list(rows.select_related("check_in", "branch").order_by("-pk")[:limit])
