"""Makes, models and vehicles in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin.groups import CUSTOMERS
from apps.core.admin.lines import LineInline, ReadOnlyInline
from apps.core.admin.master import MasterAdmin, TrackedMasterAdmin
from apps.engines.vehicles import services
from apps.engines.vehicles.models import Make, OdometerReading, Ownership, PlateAssignment, Vehicle, VehicleModel


class ModelInline(LineInline):
    model = VehicleModel


@admin.register(Make)
class MakeAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = CUSTOMERS, 202, "garage_home"
    organization_path = ""
    list_display = ("name",)
    search_fields = ("name",)
    inlines = (ModelInline,)


@admin.register(VehicleModel)
class VehicleModelAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = CUSTOMERS, 203, "directions_car"
    organization_path = ""
    list_display = ("name", "make", "body")
    list_select_related = ("make",)
    search_fields = ("name", "make__name")
    autocomplete_fields = ("make",)


class PlateInline(ReadOnlyInline):
    model = PlateAssignment
    fields = ("plate", "period")


class OwnerInline(ReadOnlyInline):
    model = Ownership
    fields = ("customer", "period")


class OdometerInline(ReadOnlyInline):
    model = OdometerReading
    fields = ("km", "read_at", "reason", "read_by")


@admin.register(Vehicle)
class VehicleAdmin(TrackedMasterAdmin):
    """The plate has a history: it is changed in the portal, where the day is asked."""

    nav_group, nav_order, nav_icon = CUSTOMERS, 201, "directions_car"
    create, update = services.register_vehicle, services.update_vehicle
    list_display = ("plate", "model", "year", "customer", "status", "odometer_km", "organization")
    list_select_related = ("model__make", "customer", "organization")
    list_filter = ("status",)
    search_fields = ("search_text", "plate")
    autocomplete_fields = ("organization", "branch", "customer", "model")
    readonly_fields = ("odometer_km",)
    fixed_fields = ("organization", "branch", "customer", "plate")
    by_id = ("branch",)
    inlines = (PlateInline, OwnerInline, OdometerInline)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new vehicle stands where its customer stands."""
        return ("organization",) if obj is None else ()
