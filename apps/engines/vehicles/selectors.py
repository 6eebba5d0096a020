"""Reads of vehicles."""

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.engines.vehicles.models import Vehicle
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
