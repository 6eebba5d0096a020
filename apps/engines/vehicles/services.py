"""Every change of vehicles."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.core.db import lock_row, translate_violations
from apps.core.errors import NotFound
from apps.core.text import search_key
from apps.engines.customers.models import Customer
from apps.engines.vehicles.errors import OdometerBackwards, PlateTaken, VinTaken
from apps.engines.vehicles.events import VehicleChanged
from apps.engines.vehicles.models import Make, OdometerReading, Ownership, PlateAssignment, Vehicle, VehicleModel
from apps.engines.vehicles.rules import clean_vin, format_plate, plate_key
from apps.platform.audit.services import record
from apps.platform.events.services import publish

EDITABLE = ("year", "color", "engine_number", "registered_on", "status")


@transaction.atomic
def find_or_create_model(make: str, model: str) -> VehicleModel:
    """The make and model by name, made when the platform does not know them yet."""
    make_row, _ = Make.objects.get_or_create(name=make.strip()[:60] or "—")
    model_row, _ = VehicleModel.objects.get_or_create(make=make_row, name=model.strip()[:60] or "—")
    return model_row


@transaction.atomic
def register_vehicle(
    actor: Actor,
    *,
    customer: Customer,
    plate: str,
    model: VehicleModel,
    vin: str = "",
    branch_id: UUID | None = None,
    **fields: Any,
) -> Vehicle:
    """A new vehicle of a customer with its plate from today on. Raises PlateUnreadable, PlateTaken, VinUnreadable, VinTaken."""
    actor.require("vehicle.edit")
    vehicle = Vehicle(
        organization_id=customer.organization_id,
        branch_id=branch_id,
        customer=customer,
        model=model,
        plate=format_plate(plate) if plate else "",
        vin=clean_vin(vin),
        **{key: value for key, value in fields.items() if key in EDITABLE},
    )
    vehicle.plate_key = plate_key(vehicle.plate)
    vehicle.search_text = search_text(vehicle)
    with translate_violations({"vehicle_vin_unique": lambda: VinTaken(field="vin")}):
        vehicle.save()
    today = local_date()
    Ownership.objects.create(vehicle=vehicle, customer=customer, period=DateRange(today, None))
    if vehicle.plate:
        _add_plate(vehicle, today)
    record(actor, "vehicle.registered", vehicle)
    publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return vehicle


@transaction.atomic
def receive_vehicle(actor: Actor, *, plate: str, branch_id: UUID) -> Vehicle | None:
    """The company's vehicle with this plate, which stands before the actor at `branch_id`; None when nobody knows it.

    A vehicle that another branch looked after until now belongs to this one from here on: people go where they like,
    and a plate exists once in the company.
    """
    actor.require("vehicle.edit")
    key = plate_key(plate)
    rows = Vehicle.objects.select_for_update().filter(organization_id=actor.require_organization(), plate_key=key)
    vehicle = rows.first() if key else None
    if vehicle is None or vehicle.branch_id == branch_id:
        return vehicle
    if not actor.reaches_branch(branch_id):
        raise NotFound
    before = vehicle.branch_id
    vehicle.branch_id = branch_id
    vehicle.save_changes("branch")
    if before is not None:
        record(actor, "vehicle.changed_branch", vehicle, old={"branch": str(before)}, new={"branch": str(branch_id)})
    publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return vehicle


@transaction.atomic
def update_vehicle(actor: Actor, vehicle: Vehicle, *, version: int | None = None, **changes: Any) -> Vehicle:
    """Changes identity fields; plate and owner have services of their own. Raises StaleWrite, VinTaken, VinUnreadable."""
    actor.require("vehicle.edit")
    vehicle = lock_row(vehicle)
    vehicle.check_version(version)
    if "vin" in changes:
        changes["vin"] = clean_vin(changes["vin"])
    fields = [field for field in (*EDITABLE, "vin", "model") if field in changes]
    old = {field: str(getattr(vehicle, field)) for field in fields}
    for field in fields:
        setattr(vehicle, field, changes[field])
    vehicle.search_text = search_text(vehicle)
    with translate_violations({"vehicle_vin_unique": lambda: VinTaken(field="vin")}):
        vehicle.save_changes(*fields, "search_text")
    record(actor, "vehicle.updated", vehicle, old=old, new={field: str(changes[field]) for field in fields})
    publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return vehicle


@transaction.atomic
def assign_plate(actor: Actor, vehicle: Vehicle, *, plate: str, on: date | None = None) -> Vehicle:
    """The plate moves to this vehicle on a day (default today): it leaves its present vehicle, both histories stay."""
    actor.require("vehicle.edit")
    plate, day = format_plate(plate), on or local_date()
    rows = PlateAssignment.objects.filter(organization_id=vehicle.organization_id, period__endswith__isnull=True)
    carrier = rows.filter(plate_key=plate_key(plate)).select_related("vehicle").first()
    ids = {vehicle.pk} | ({carrier.vehicle_id} if carrier else set())
    locked = {row.pk: row for row in Vehicle.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for old in rows.filter(vehicle_id__in=ids):
        if old.vehicle_id == vehicle.pk or old.plate_key == plate_key(plate):
            _end_plate(old, day)
            _show_plate(locked[old.vehicle_id], "")
    _show_plate(locked[vehicle.pk], plate)
    _add_plate(locked[vehicle.pk], day)
    record(actor, "vehicle.plate_assigned", vehicle, data={"plate": plate})
    publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return locked[vehicle.pk]


@transaction.atomic
def change_owner(actor: Actor, vehicle: Vehicle, *, customer: Customer, on: date | None = None) -> Vehicle:
    """The vehicle belongs to `customer` from a day on (default today); the history of owners stays."""
    actor.require("vehicle.edit")
    if customer.organization_id != vehicle.organization_id:
        raise NotFound
    vehicle, day = lock_row(vehicle), on or local_date()
    if vehicle.customer_id == customer.pk:
        return vehicle
    for row in Ownership.objects.filter(vehicle=vehicle, period__endswith__isnull=True):
        if row.period.lower >= day:
            row.delete()
        else:
            row.period = DateRange(row.period.lower, day)
            row.save(update_fields=["period"])
    Ownership.objects.create(vehicle=vehicle, customer=customer, period=DateRange(day, None))
    old, vehicle.customer = vehicle.customer, customer
    vehicle.search_text = search_text(vehicle)
    vehicle.save_changes("customer", "search_text")
    record(actor, "vehicle.owner_changed", vehicle, data={"name": customer.name}, old={"customer": str(old)})
    publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return vehicle


@transaction.atomic
def record_odometer(
    actor: Actor, vehicle: Vehicle, *, km: int, reason: str = "", source_type: str = "", source_id: UUID | None = None
) -> OdometerReading:
    """One more reading. Raises OdometerBackwards when it is lower than the last and no reason is given."""
    vehicle = lock_row(vehicle)
    if vehicle.odometer_km is not None and km < vehicle.odometer_km and not reason.strip():
        raise OdometerBackwards(field="odometer_km", details={"last_km": vehicle.odometer_km})
    reading = OdometerReading.objects.create(
        vehicle=vehicle,
        km=km,
        read_at=now(),
        reason=reason,
        source_type=source_type,
        source_id=source_id,
        read_by_id=actor.user_id,
    )
    vehicle.odometer_km = km
    vehicle.save_changes("odometer_km")
    record(actor, "vehicle.odometer_read", vehicle, data={"km": km, "reason": reason})
    return reading


@transaction.atomic
def set_vehicle_status(actor: Actor, vehicle: Vehicle, status: str) -> Vehicle:
    """Where the vehicle stands (in the workshop, served …); the step of a visit, which asks for its own right."""
    vehicle = lock_row(vehicle)
    if vehicle.status != status:
        vehicle.status = status
        vehicle.save_changes("status")
        publish(actor, VehicleChanged(subject_id=vehicle.pk, organization_id=vehicle.organization_id))
    return vehicle


def search_text(vehicle: Vehicle) -> str:
    """Plate, VIN, make, model, colour and the owner's name and phone, without accents."""
    owner = vehicle.customer
    parts = [
        vehicle.plate_key,
        vehicle.vin.lower(),
        search_key(str(vehicle.model)),
        search_key(vehicle.color),
        owner.search_text,
    ]
    return " ".join(part for part in parts if part)


def _add_plate(vehicle: Vehicle, day: date) -> None:
    with translate_violations({"plate_one_vehicle_at_a_time": lambda: PlateTaken(field="plate")}):
        PlateAssignment.objects.create(
            organization_id=vehicle.organization_id,
            vehicle=vehicle,
            plate=vehicle.plate,
            plate_key=vehicle.plate_key,
            period=DateRange(day, None),
        )


def _end_plate(assignment: PlateAssignment, day: date) -> None:
    """A plate given and taken on one day leaves no span behind."""
    if assignment.period.lower >= day:
        assignment.delete()
        return
    assignment.period = DateRange(assignment.period.lower, day)
    assignment.save(update_fields=["period"])


def _show_plate(vehicle: Vehicle, plate: str) -> None:
    vehicle.plate, vehicle.plate_key = plate, plate_key(plate)
    vehicle.search_text = search_text(vehicle)
    vehicle.save_changes("plate", "plate_key", "search_text")
