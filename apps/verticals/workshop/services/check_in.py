"""Check-in: the vehicle is here, the job card is opened."""

from datetime import datetime

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_visible, translate_violations
from apps.core.errors import BadInput, NotFound
from apps.engines.customers.services import find_or_create_customer
from apps.engines.inventory.models import Warehouse
from apps.engines.scheduling.models import Resource
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.services import (
    find_or_create_model,
    receive_vehicle,
    record_odometer,
    register_vehicle,
    set_vehicle_status,
    update_vehicle,
)
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.models import Branch
from apps.platform.system.numbers import next_daily_number
from apps.verticals.workshop.errors import VehicleInWorkshop
from apps.verticals.workshop.events import AppointmentStateChanged, JobCardMoved
from apps.verticals.workshop.models import Appointment, CheckIn, JobCard
from apps.verticals.workshop.services.signatures import keep_signature
from apps.verticals.workshop.states import APPOINTMENT
from apps.verticals.workshop.types import CheckInInput, VisitorInput


@transaction.atomic
def check_in(
    actor: Actor,
    *,
    branch: Branch,
    visitor: VisitorInput,
    arrival: CheckInInput,
    appointment: Appointment | None = None,
    bay: Resource | None = None,
    promised_at: datetime | None = None,
    signature_png: bytes | None = None,
) -> JobCard:
    """Opens the card of a visit: customer and vehicle found or made, odometer read, how it came written down.

    Raises PlateUnreadable, VinUnreadable, VinTaken, OdometerBackwards, VehicleInWorkshop, IllegalMove (appointment).
    """
    actor.require("job_card.open")
    if not actor.reaches_branch(branch.pk):
        raise NotFound
    if not 0 <= arrival.fuel_percent <= 100:
        raise BadInput(field="fuel_percent")
    appointment = _take_appointment(actor, appointment)
    vehicle = _find_or_register(actor, branch, visitor, appointment)
    card = _open_card(actor, branch, vehicle, appointment, bay, promised_at, concern=arrival.concern)
    record_odometer(
        actor,
        vehicle,
        km=arrival.odometer_km,
        reason=arrival.odometer_reason,
        source_type="workshop.jobcard",
        source_id=card.pk,
    )
    _write_check_in(actor, card, arrival, signature_png)
    record(actor, "job_card.opened", card, data={"plate": vehicle.plate}, is_public=True)
    publish(
        actor,
        JobCardMoved(
            subject_id=card.pk, organization_id=card.organization_id, branch_id=card.branch_id, state=card.state
        ),
    )
    return card


def _take_appointment(actor: Actor, appointment: Appointment | None) -> Appointment | None:
    if appointment is None:
        return None
    appointment = lock_visible(actor, appointment)
    APPOINTMENT.move(appointment, "check_in")
    appointment.save_changes("state")
    record(actor, "appointment.check_in", appointment, is_public=True)
    publish(
        actor,
        AppointmentStateChanged(
            subject_id=appointment.pk,
            organization_id=appointment.organization_id,
            branch_id=appointment.branch_id,
            state=appointment.state,
        ),
    )
    return appointment


def _find_or_register(actor: Actor, branch: Branch, visitor: VisitorInput, appointment: Appointment | None) -> Vehicle:
    """The vehicle with this plate; a new one belongs to the appointment's customer or to the visitor."""
    vehicle = receive_vehicle(actor, plate=visitor.plate, branch_id=branch.pk)
    if vehicle is not None:
        if visitor.vin and not vehicle.vin:
            vehicle = update_vehicle(actor, vehicle, vin=visitor.vin)
        return vehicle
    customer = (
        appointment.customer
        if appointment is not None
        else find_or_create_customer(actor, name=visitor.name, phone=visitor.phone, email=visitor.email)
    )
    if not visitor.plate:
        raise BadInput(field="plate")
    return register_vehicle(
        actor,
        customer=customer,
        plate=visitor.plate,
        model=find_or_create_model(visitor.make, visitor.model),
        vin=visitor.vin,
        branch_id=branch.pk,
        year=visitor.year,
        color=visitor.color,
    )


def _open_card(
    actor: Actor,
    branch: Branch,
    vehicle: Vehicle,
    appointment: Appointment | None,
    bay: Resource | None,
    promised_at: datetime | None,
    *,
    concern: str,
) -> JobCard:
    booked_for = appointment.concern or appointment.service_text if appointment else ""
    card = JobCard(
        organization_id=branch.organization_id,
        branch=branch,
        number=next_daily_number(branch.organization_id, "JC"),
        appointment=appointment,
        customer_id=appointment.customer_id if appointment else vehicle.customer_id,
        vehicle=vehicle,
        bay=bay or (appointment.resource if appointment else None),
        advisor_id=actor.user_id,
        warehouse=_warehouse_of(branch),
        concern=concern.strip() or booked_for,
        currency=branch.organization.currency,
        promised_at=promised_at or (appointment.ends_at if appointment else None),
    )
    with translate_violations({"job_card_one_open_per_vehicle": lambda: VehicleInWorkshop(field="plate")}):
        card.save(force_insert=True)
    set_vehicle_status(actor, vehicle, Vehicle.Status.IN_SERVICE)
    return card


def _warehouse_of(branch: Branch) -> Warehouse:
    """The branch's own store; raises NotFound where none has been set up."""
    warehouse = Warehouse.objects.filter(branch=branch, is_active=True).order_by("created_at").first()
    if warehouse is None:
        raise NotFound
    return warehouse


def _write_check_in(actor: Actor, card: JobCard, arrival: CheckInInput, signature_png: bytes | None) -> None:
    CheckIn.objects.create(
        job_card=card,
        odometer_km=arrival.odometer_km,
        fuel_percent=arrival.fuel_percent,
        marks=[dict(mark) for mark in arrival.marks],
        belongings=arrival.belongings,
        notes=arrival.notes,
        signature=keep_signature(actor, signature_png),
        checked_in_by_id=actor.user_id,
    )
