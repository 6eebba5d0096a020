"""Visits of a person to workshops. What was done to the vehicle stays; words that name its owner do not."""

from typing import Any

from django.db.models import Model

from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import history_of, scrub_rows
from apps.verticals.workshop.models import (
    Appointment,
    CheckIn,
    Estimate,
    EstimateDecision,
    InspectionPoint,
    JobCard,
    JobPhoto,
    JobTask,
)

_APPOINTMENT = ("plate", "vehicle_text", "service_text", "concern", "cancel_reason")
_CARD = ("concern", "cancel_reason", "handover_name")
_OF_CARD: dict[type[Model], tuple[str, ...]] = {
    CheckIn: ("belongings", "notes", "marks"),
    Estimate: ("note",),
    InspectionPoint: ("note",),
    JobPhoto: ("caption",),
    JobTask: ("description", "cause", "correction"),
}


def collect(user: User) -> dict[str, Any] | None:
    """Appointments, visits, and what was approved."""
    appointments = Appointment.objects.filter(customer__user=user).select_related("branch")
    cards = JobCard.objects.filter(customer__user=user).select_related("branch", "vehicle")
    decisions = EstimateDecision.objects.filter(estimate__job_card__customer__user=user)
    found = {
        "appointments": [
            describe(row, "branch", "number", "starts_at", "state", *_APPOINTMENT, "created_at") for row in appointments
        ],
        "job_cards": [
            describe(
                row, "branch", "number", "vehicle", "state", "currency", "total", *_CARD, "delivered_at", "created_at"
            )
            for row in cards
        ],
        "approvals": [
            describe(row, "channel", "decided_by_name", "lines", "total_seen", "ip", "user_agent", "created_at")
            for row in decisions
        ],
    }
    return found if any(found.values()) else None


def erase(erasure: Erasure) -> None:
    """Approvals stay as they were signed: they are the ground of the invoice."""
    tracked: tuple[tuple[Any, tuple[str, ...]], ...] = ((Appointment, _APPOINTMENT), (JobCard, _CARD))
    for model, columns in tracked:
        rows = model.objects.filter(customer__user=erasure.user)
        scrub_rows(history_of(model).filter(id__in=list(rows.values_list("pk", flat=True))), columns, erasure.words)
        scrub_rows(rows, columns, erasure.words)
    for table, columns in _OF_CARD.items():
        found = table._default_manager.filter(job_card__customer__user=erasure.user)
        scrub_rows(found, columns, erasure.words)


register_own_data("workshop", collect)
register_eraser("workshop", erase)
