"""Reads of vehicles."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.engines.vehicles.models import Make, OdometerReading, Ownership, PlateAssignment, Vehicle, VehicleModel
from apps.engines.vehicles.rules import plate_key


def list_vehicles(actor: Actor) -> "QuerySet[Vehicle]":
    """The vehicles that exist for the actor, with owner and model."""
    return Vehicle.objects.visible_to(actor).select_related("customer", "model__make")


def search_vehicles(vehicles: "QuerySet[Vehicle]", text: str) -> "QuerySet[Vehicle]":
    """By any part of the plate in any punctuation, the VIN, the owner's name or phone, make, model or colour."""
    whole = compact_key(text)
    if (
        any(char.isdigit() for char in whole)
        and len(whole) >= 3
        and vehicles.filter(search_text__contains=whole).exists()
    ):
        return vehicles.filter(search_text__contains=whole)
    for word in search_key(text).split():
        vehicles = vehicles.filter(
            search_text__contains=compact_key(word) if any(char.isdigit() for char in word) else word
        )
    return vehicles


def find_vehicle_by_plate(actor: Actor, plate: str) -> Vehicle | None:
    """The vehicle that carries the plate now, if the actor may see it."""
    key = plate_key(plate)
    return list_vehicles(actor).filter(plate_key=key).first() if key else None


def list_make_names() -> list[str]:
    """All makes that the platform knows, for typing help."""
    return list(Make.objects.exclude(name="—").values_list("name", flat=True))


def list_model_names() -> list[str]:
    """All models that the platform knows, each name once, for typing help."""
    return list(VehicleModel.objects.exclude(name="—").order_by("name").values_list("name", flat=True).distinct())


def list_plates(vehicle: Vehicle) -> "QuerySet[PlateAssignment]":
    """The plates that the vehicle has carried, newest first."""
    return vehicle.plates.order_by("-period")


def list_owners(vehicle: Vehicle) -> "QuerySet[Ownership]":
    """Who has owned the vehicle, newest first."""
    return vehicle.ownerships.select_related("customer").order_by("-period")


def list_readings(vehicle: Vehicle, *, limit: int = 24) -> list[OdometerReading]:
    """The last odometer readings, oldest first."""
    return list(vehicle.odometer_readings.select_related("read_by").order_by("-read_at")[:limit])[::-1]


def list_makes_of(actor: Actor) -> list[tuple[UUID, str]]:
    """(id, name) of the makes among the actor's vehicles, for filters."""
    models = Vehicle.objects.visible_to(actor).values("model_id")
    return list(Make.objects.filter(models__in=models).order_by("name").distinct().values_list("pk", "name"))
