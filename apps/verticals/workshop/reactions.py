"""Whom the workshop tells after commit: customers by email and SMS, staff in the app."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.core.clock import local_time
from apps.core.money import format_money
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, User
from apps.platform.events.registry import reacts
from apps.platform.notifications.services import notify_address, notify_users
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.workshop.events import (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentStateChanged,
    EstimateAnswered,
    EstimateSent,
    JobCardMoved,
    PartsArrived,
    PartsMissing,
    TasksAssigned,
)
from apps.verticals.workshop.models import Appointment, Estimate, JobCard

Purpose = AccessLink.Purpose


@reacts(AppointmentBooked, name="workshop.confirm_booking")
def confirm_booking(event: AppointmentBooked) -> None:
    appointment = _appointment(event.subject_id)
    tell_visitor(appointment, "appointment.booked", dedupe=f"appointment-booked:{appointment.pk}")
    _tell_staff(
        "appointment.new",
        users_with_permission(appointment.organization_id, "appointment.move", branch_id=appointment.branch_id),
        organization_id=appointment.organization_id,
        context=_appointment_context(appointment),
        dedupe=f"appointment-new:{appointment.pk}",
        url=f"/garage/appointments/{appointment.pk}/",
    )


@reacts(AppointmentMoved, name="workshop.tell_moved")
def tell_moved(event: AppointmentMoved) -> None:
    appointment = _appointment(event.subject_id)
    tell_visitor(appointment, "appointment.changed", dedupe=f"appointment-moved:{appointment.pk}:{appointment.version}")


@reacts(AppointmentStateChanged, name="workshop.tell_appointment_state")
def tell_appointment_state(event: AppointmentStateChanged) -> None:
    if event.state in (Appointment.State.CONFIRMED, Appointment.State.CANCELLED):
        appointment = _appointment(event.subject_id)
        tell_visitor(appointment, "appointment.changed", dedupe=f"appointment-{event.state}:{appointment.pk}")


@reacts(EstimateSent, name="workshop.send_estimate_link")
def send_estimate_link(event: EstimateSent) -> None:
    """Makes a fresh link for every sending; earlier links of the card's estimates keep working until they expire."""
    estimate = Estimate.objects.select_related("job_card__customer", "job_card__vehicle", "job_card__organization").get(
        pk=event.estimate_id
    )
    card = estimate.job_card
    token = create_link(card.organization_id, purpose=Purpose.ESTIMATE, subject_id=card.pk, days=14)
    notify_address(
        "estimate.sent",
        organization_id=card.organization_id,
        email=card.customer.email,
        phone=card.customer.phone,
        language=card.customer.language,
        context={
            **_card_context(card),
            "total": format_money(estimate.total, estimate.currency, card.customer.language),
            "link": f"{settings.SITE_URL}/e/{token}/",
        },
        dedupe=f"estimate-sent:{estimate.pk}:{estimate.version}",
    )


@reacts(EstimateAnswered, name="workshop.tell_answer")
def tell_answer(event: EstimateAnswered) -> None:
    card = _card(event.subject_id)
    people = (
        [card.advisor]
        if card.advisor
        else users_with_permission(card.organization_id, "job_card.estimate", branch_id=card.branch_id)
    )
    context = {**_card_context(card), "approved": event.approved, "declined": event.declined}
    _tell_about_card(
        "estimate.answered", card, people, context=context, dedupe=f"estimate-answered:{event.estimate_id}"
    )


@reacts(TasksAssigned, name="workshop.tell_technicians")
def tell_technicians(event: TasksAssigned) -> None:
    card = _card(event.subject_id)
    _tell_about_card(
        "tasks.assigned",
        card,
        User.objects.filter(pk__in=event.technicians),
        dedupe=f"tasks-assigned:{card.pk}:{card.version}",
        url=f"/garage/tech/{card.pk}/",
    )


@reacts(PartsMissing, name="workshop.tell_parts_missing")
def tell_parts_missing(event: PartsMissing) -> None:
    card = _card(event.subject_id)
    people = users_with_permission(card.organization_id, "job_card.order_parts", branch_id=card.branch_id)
    _tell_about_card("parts.missing", card, people, dedupe=f"parts-missing:{card.pk}:{card.version}")


@reacts(PartsArrived, name="workshop.tell_parts_arrived")
def tell_parts_arrived(event: PartsArrived) -> None:
    """Only when the card waited: technicians go on, the advisor knows."""
    if not event.is_released:
        return
    card = _card(event.subject_id)
    people = {*event.technicians, *([card.advisor_id] if card.advisor_id else [])}
    _tell_about_card(
        "parts.arrived", card, User.objects.filter(pk__in=people), dedupe=f"parts-arrived:{card.pk}:{card.version}"
    )


@reacts(JobCardMoved, name="workshop.tell_card_moved")
def tell_card_moved(event: JobCardMoved) -> None:
    card = _card(event.subject_id)
    if event.state == JobCard.State.QUALITY_CHECK:
        people = users_with_permission(card.organization_id, "job_card.check", branch_id=card.branch_id)
        _tell_about_card("job_card.check", card, people, dedupe=f"card-check:{card.pk}:{card.comeback_count}")
    if event.state == JobCard.State.COMPLETED:
        notify_address(
            "job_card.completed",
            organization_id=card.organization_id,
            email=card.customer.email,
            phone=card.customer.phone,
            language=card.customer.language,
            context=_card_context(card),
            dedupe=f"card-completed:{card.pk}",
        )


def _appointment(appointment_id: UUID) -> Appointment:
    return Appointment.objects.select_related("customer", "branch", "organization").get(pk=appointment_id)


def _card(card_id: UUID) -> JobCard:
    return JobCard.objects.select_related("customer", "vehicle__model__make", "organization", "branch", "advisor").get(
        pk=card_id
    )


def _appointment_context(appointment: Appointment) -> dict[str, Any]:
    local = local_time(appointment.starts_at, appointment.organization.timezone)
    return {
        "number": appointment.number,
        "name": appointment.customer.name,
        "garage": appointment.organization.name,
        "branch": appointment.branch.name,
        "address": appointment.branch.address,
        "phone": appointment.branch.phone,
        "day": local.strftime("%d/%m/%Y"),
        "time": local.strftime("%H:%M"),
        "service": appointment.service_text,
        "plate": appointment.plate,
        "state": appointment.state,
    }


def _card_context(card: JobCard) -> dict[str, Any]:
    return {
        "number": card.number,
        "name": card.customer.name,
        "plate": card.vehicle.plate,
        "garage": card.organization.name,
        "branch": card.branch.name,
        "phone": card.branch.phone or card.organization.phone,
    }


def tell_visitor(appointment: Appointment, code: str, *, dedupe: str) -> None:
    """Writes to who booked, with a fresh link to the appointment."""
    token = create_link(appointment.organization_id, purpose=Purpose.APPOINTMENT, subject_id=appointment.pk, days=60)
    notify_address(
        code,
        organization_id=appointment.organization_id,
        email=appointment.customer.email,
        phone=appointment.customer.phone,
        language=appointment.customer.language,
        context={**_appointment_context(appointment), "link": f"{settings.SITE_URL}/a/{token}/"},
        dedupe=dedupe,
    )


def _tell_about_card(
    code: str,
    card: JobCard,
    people: Iterable[User],
    *,
    dedupe: str,
    context: dict[str, Any] | None = None,
    url: str = "",
) -> None:
    _tell_staff(
        code,
        people,
        organization_id=card.organization_id,
        context=context or _card_context(card),
        dedupe=dedupe,
        url=url or f"/garage/job-cards/{card.pk}/",
    )


def _tell_staff(
    code: str, people: Iterable[User], *, organization_id: UUID, context: dict[str, Any], dedupe: str, url: str
) -> None:
    notify_users(code, list(people), organization_id=organization_id, context=context, dedupe=dedupe, url=url)
