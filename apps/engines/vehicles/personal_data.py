"""The vehicles of a person. The vehicle and its history stay; nothing of its owner does."""

from typing import Any

from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.services import search_text
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data


def collect(user: User) -> dict[str, Any] | None:
    """Vehicles that companies have on file for the person, with their odometer readings."""
    rows = Vehicle.objects.filter(customer__user=user).select_related("model__make", "organization")
    names = ("organization", "plate", "vin", "engine_number", "model", "year", "color", "odometer_km", "created_at")
    found = [
        describe(row, *names)
        | {"readings": [describe(one, "km", "read_at") for one in row.odometer_readings.order_by("read_at")]}
        for row in rows
    ]
    return {"vehicles": found} if found else None


def erase(erasure: Erasure) -> None:
    """The search finds them no longer by their owner's name."""
    for vehicle in Vehicle.objects.filter(customer__user=erasure.user).select_related("customer", "model__make"):
        Vehicle.objects.filter(pk=vehicle.pk).update(search_text=search_text(vehicle))


register_own_data("vehicles", collect)
register_eraser("vehicles", erase, order=300)
