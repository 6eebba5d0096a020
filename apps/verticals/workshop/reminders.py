"""Visitors are reminded a day and two hours before their appointment: once each, and not of what they just booked."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.core.clock import now
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.reactions import tell_visitor

DAY, SOON = timedelta(hours=24), timedelta(hours=2)
# Who booked within this time before a reminder would be due has the confirmation still before their eyes.
_FRESH = timedelta(hours=1)
_OPEN = (Appointment.State.BOOKED, Appointment.State.CONFIRMED)


def remind_visitors() -> int:
    """Sends the reminders that are due now; returns how many."""
    return sum(_remind(row, ahead) for ahead in (SOON, DAY) for row in _due(ahead)[:500])


def _due(ahead: timedelta) -> QuerySet[Appointment]:
    """Open appointments that begin within this time and had no reminder in it; those about to begin only once."""
    at = now()
    rows = Appointment.objects.filter(state__in=_OPEN, starts_at__gt=at, starts_at__lte=at + ahead)
    if ahead == DAY:
        rows = rows.filter(starts_at__gt=at + SOON)
    not_yet = Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("starts_at") - ahead)
    return rows.filter(not_yet, created_at__lt=F("starts_at") - ahead - _FRESH).order_by("starts_at", "pk")


@transaction.atomic
def _remind(row: Appointment, ahead: timedelta) -> int:
    locked = _due(ahead).select_for_update(of=("self",), skip_locked=True)
    appointment = locked.select_related("customer", "branch", "organization").filter(pk=row.pk).first()
    if appointment is None:
        return 0
    appointment.reminded_at = now()
    appointment.save(update_fields=["reminded_at"])
    hours = int(ahead.total_seconds() // 3600)
    dedupe = f"appointment-reminder:{appointment.pk}:{appointment.starts_at:%Y%m%dT%H%M}:{hours}"
    tell_visitor(appointment, "appointment.reminder", dedupe=dedupe)
    return 1
