"""Booking a visit and what becomes of it before check-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.core.actor import Actor
from apps.core.db import get_visible, lock_visible
from apps.core.errors import NotFound
from apps.core.ids import uuid7
from apps.engines.customers.services import find_or_create_customer
from apps.engines.scheduling.errors import SlotTaken
from apps.engines.scheduling.models import Resource
from apps.engines.scheduling.selectors import list_free_slots
from apps.engines.scheduling.services import move_reservation, release_reservation, reserve
from apps.engines.vehicles.rules import format_plate, plate_key
from apps.engines.vehicles.selectors import find_vehicle_by_plate
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.models import Branch
from apps.platform.system.numbers import next_daily_number
from apps.verticals.workshop.errors import ReasonMissing, ServiceUnknown
from apps.verticals.workshop.events import AppointmentBooked, AppointmentMoved, AppointmentStateChanged
from apps.verticals.workshop.models import Appointment, LabourOperation, ServicePackage
from apps.verticals.workshop.states import APPOINTMENT
from apps.verticals.workshop.types import VisitorInput


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """What was chosen of the menu: codes, words for people, how long it takes in a bay."""

    codes: list[str]
    text: str
    minutes: int


@transaction.atomic
def book_appointment(
    actor: Actor,
    *,
    branch: Branch,
    starts_at: datetime,
    service_codes: Sequence[str],
    visitor: VisitorInput,
    resource: Resource | None = None,
    concern: str = "",
    channel: str = Appointment.Channel.WEB,
) -> Appointment:
    """Books a bay for a visitor. Without `resource` any free bay of the branch is taken.

    Raises ServiceUnknown, PlateUnreadable, SlotTaken, PartyBusy, OutsideHours, SlotInPast, BadInput for the phone.
    """
    actor.require("appointment.book")
    choice = choose_services(branch.organization_id, service_codes)
    plate = format_plate(visitor.plate, branch.organization.country) if visitor.plate else ""
    customer = find_or_create_customer(actor, name=visitor.name, phone=visitor.phone, email=visitor.email)
    bay = resource or _free_bay(branch, starts_at, choice.minutes)
    appointment = Appointment(
        id=uuid7(),
        organization_id=branch.organization_id,
        branch=branch,
        number=next_daily_number(branch.organization_id, "LH"),
        customer=customer,
        vehicle=find_vehicle_by_plate(actor, plate) if plate else None,
        plate=plate,
        vehicle_text=" ".join(part for part in (visitor.make, visitor.model) if part),
        resource=bay,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=choice.minutes),
        service_codes=choice.codes,
        service_text=choice.text,
        concern=concern.strip(),
        channel=channel,
    )
    appointment.reservation = reserve(
        actor,
        resource=bay,
        starts_at=starts_at,
        ends_at=appointment.ends_at,
        source_type="workshop.appointment",
        source_id=appointment.pk,
        party_key=plate_key(plate),
    )
    appointment.save(force_insert=True)
    record(actor, "appointment.booked", appointment, data={"channel": channel}, is_public=True)
    publish(actor, AppointmentBooked(**_identity(appointment)))
    return appointment


@transaction.atomic
def move_appointment(
    actor: Actor,
    appointment: Appointment,
    *,
    starts_at: datetime,
    resource: Resource | None = None,
    version: int | None = None,
) -> Appointment:
    """To another time or bay, as long as it has before; refused like booking."""
    actor.require("appointment.move")
    appointment = lock_visible(actor, appointment)
    appointment.check_version(version)
    APPOINTMENT.check(appointment, "cancel")
    length = appointment.ends_at - appointment.starts_at
    bay = resource or appointment.resource
    if bay.branch_id != appointment.branch_id:
        raise NotFound
    move_reservation(actor, appointment.reservation, resource=bay, starts_at=starts_at, ends_at=starts_at + length)
    old = appointment.starts_at
    appointment.starts_at, appointment.ends_at, appointment.resource = starts_at, starts_at + length, bay
    appointment.save_changes("starts_at", "ends_at", "resource")
    record(
        actor,
        "appointment.moved",
        appointment,
        old={"starts_at": old.isoformat()},
        new={"starts_at": starts_at.isoformat()},
        is_public=True,
    )
    publish(actor, AppointmentMoved(**_identity(appointment)))
    return appointment


@transaction.atomic
def confirm_appointment(actor: Actor, appointment: Appointment, *, version: int | None = None) -> Appointment:
    """The garage agrees. Raises IllegalMove, StaleWrite."""
    actor.require("appointment.move")
    return _move(actor, appointment, "confirm", version=version)


@transaction.atomic
def cancel_appointment(
    actor: Actor, appointment: Appointment, *, reason: str, version: int | None = None
) -> Appointment:
    """Cancels and gives the time free. Raises ReasonMissing, IllegalMove, StaleWrite."""
    actor.require("appointment.cancel")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    appointment = _move(actor, appointment, "cancel", reason=reason.strip(), version=version)
    release_reservation(actor, appointment.reservation)
    return appointment


@transaction.atomic
def mark_no_show(actor: Actor, appointment: Appointment, *, version: int | None = None) -> Appointment:
    """The customer did not come; the bay is free again."""
    actor.require("appointment.cancel")
    appointment = _move(actor, appointment, "no_show", version=version)
    release_reservation(actor, appointment.reservation)
    return appointment


def choose_services(organization_id: UUID, codes: Sequence[str]) -> ServiceChoice:
    """The chosen operations and packages of the garage's menu. Raises ServiceUnknown for none or unknown ones."""
    wanted = list(dict.fromkeys(codes))
    # Codes come from strangers' addresses too; the database takes no zero bytes.
    if any("\x00" in code for code in wanted):
        raise ServiceUnknown(field="service_codes")
    is_offered = Q(organization_id=organization_id, is_active=True, is_bookable=True, code__in=wanted)
    found = {row.code: row for model in (LabourOperation, ServicePackage) for row in model.objects.filter(is_offered)}
    if not wanted or set(wanted) != set(found):
        raise ServiceUnknown(field="service_codes")
    rows = [found[code] for code in wanted]
    return ServiceChoice(wanted, ", ".join(row.name for row in rows)[:300], max(30, sum(row.minutes for row in rows)))


def _free_bay(branch: Branch, starts_at: datetime, minutes: int) -> Resource:
    """The first bay that is free at that time; raises SlotTaken with the next free times when none is."""
    zone_day = starts_at.astimezone().date()
    slots = list_free_slots(branch, day=zone_day - timedelta(days=1), minutes=minutes, days=9)
    for slot in slots:
        if slot.starts_at == starts_at:
            return get_bay(branch, slot.resource_id)
    later = sorted({slot.starts_at for slot in slots if slot.starts_at > starts_at})[:3]
    raise SlotTaken(field="starts_at", details={"next_free": [time.isoformat() for time in later]})


def get_bay(branch: Branch, resource_id: UUID) -> Resource:
    """An active bay of the branch; raises NotFound."""
    bay = Resource.objects.filter(branch=branch, kind=Resource.Kind.BAY, is_active=True, pk=resource_id).first()
    if bay is None:
        raise NotFound
    return bay


def access_appointment(actor: Actor, appointment_id: object) -> Appointment:
    """The appointment, if it exists for the actor."""
    actor.require("appointment.view")
    return get_visible(Appointment.objects.select_related("customer", "branch", "resource"), actor, appointment_id)


def _move(
    actor: Actor, appointment: Appointment, action: str, *, reason: str = "", version: int | None = None
) -> Appointment:
    appointment = lock_visible(actor, appointment)
    appointment.check_version(version)
    APPOINTMENT.move(appointment, action)
    appointment.cancel_reason = reason or appointment.cancel_reason
    appointment.save_changes("state", "cancel_reason")
    record(actor, f"appointment.{action}", appointment, data={"reason": reason} if reason else None, is_public=True)
    publish(actor, AppointmentStateChanged(state=appointment.state, **_identity(appointment)))
    return appointment


def _identity(appointment: Appointment) -> dict[str, UUID]:
    return {
        "subject_id": appointment.pk,
        "organization_id": appointment.organization_id,
        "branch_id": appointment.branch_id,
    }
