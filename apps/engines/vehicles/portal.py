"""Screens of vehicles in the garage portal."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.phones import format_phone
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.charts import draw_line, line_path
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import ChoiceFilter, ForeignFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.palette import MAX_ITEMS, PaletteItem, register_palette
from apps.core.portal.parts import Button, Empty
from apps.core.portal.places import add_part
from apps.core.portal.registry import register_nav
from apps.core.states import StateTable
from apps.engines.customers.models import Customer
from apps.engines.customers.selectors import list_customers
from apps.engines.customers.services import find_or_create_customer
from apps.engines.vehicles import selectors, services
from apps.engines.vehicles.forms import NewVehicleForm, OdometerForm, OwnerForm, PlateForm, VehicleForm
from apps.engines.vehicles.models import OdometerReading, Vehicle

STATUS = StateTable(
    "status",
    Vehicle.Status,
    {},
    tones={Vehicle.Status.IN_SERVICE: "progress", Vehicle.Status.COMPLETED: "done", Vehicle.Status.ACTIVE: "info"},
)


def link_to(vehicle: Vehicle) -> str:
    return reverse("garage:vehicle", args=[vehicle.pk])


def describe(vehicle: Vehicle) -> str:
    """Year and colour, where known."""
    return " · ".join(str(part) for part in (vehicle.year, vehicle.color) if part)


class VehicleList(ListScreen):
    """Every vehicle that was ever here."""

    portal, permission = "garage", "vehicle.view"
    title = _("Vehicles")
    selector = staticmethod(selectors.list_vehicles)
    columns = (
        Column("plate", _("Plate"), kind="plate", sort="plate_key"),
        Column("model", _("Vehicle"), sort=("model__make__name", "model__name"), sub=describe),
        Column(
            "owner",
            _("Owner"),
            value="customer.name",
            sub=lambda row: format_phone(row.customer.phone),
            sort="customer__name",
        ),
        Column("odometer", _("Odometer (km)"), value="odometer_km", kind="quantity", sort="odometer_km"),
        Column("vin", _("VIN"), is_default=False),
        Column("status", _("Status"), kind="badge", table=STATUS, sort="status"),
        Column("created", _("Here since"), value="created_at", kind="date", sort="created_at", is_default=False),
    )
    filters = (
        ChoiceFilter("status", _("Status"), choices=Vehicle.Status.choices),
        ForeignFilter("make", _("Make"), field="model__make_id", choose=selectors.list_makes_of),
    )
    search = staticmethod(selectors.search_vehicles)
    search_placeholder = _("Plate, VIN, owner, phone")
    scans = True
    default_sort = "-created"
    primary = Button(_("New vehicle"), "garage:vehicle-new", "plus", "vehicle.edit", opens="drawer")
    row_url = staticmethod(link_to)
    empty = Empty(_("No vehicles yet"), _("They appear by themselves with the first check-in."), "car")


def build_facts(_actor: Actor, vehicle: Vehicle) -> dict[str, Any]:
    return {"owners": list(selectors.list_owners(vehicle)), "plates": list(selectors.list_plates(vehicle))}


def build_odometer(_actor: Actor, vehicle: Vehicle) -> dict[str, Any]:
    """The readings as a table, newest first, and as a line."""
    readings = selectors.list_readings(vehicle)
    return {"readings": readings[::-1], **draw_readings(readings)}


def draw_readings(readings: Sequence[OdometerReading]) -> dict[str, Any]:
    """The line of the odometer; nothing for less than two readings."""
    if len(readings) < 2:
        return {"dots": [], "line": ""}
    values = [(row.read_at, Decimal(row.km)) for row in readings]
    low, top = min(km for _at, km in values), max(km for _at, km in values)
    dots = draw_line(values, low=low, top=top)
    return {"dots": dots, "line": line_path(dots), "low": low, "top": top}


def build_vehicles_of(actor: Actor, customer: Customer) -> dict[str, Any]:
    return {"vehicles": list(selectors.list_vehicles(actor).filter(customer=customer))}


def save_vehicle(
    actor: Actor, vehicle: Vehicle, *, make: str, model: str, version: int | None, **fields: Any
) -> Vehicle:
    """Saves what the form says; a make or model that is new to the platform is made."""
    found = services.find_or_create_model(make, model)
    return services.update_vehicle(actor, vehicle, model=found, version=version, **fields)


def give_to(actor: Actor, vehicle: Vehicle, *, owner_name: str, owner_phone: str) -> Vehicle:
    """The vehicle goes to the customer of that name and phone, made when new."""
    customer = find_or_create_customer(actor, name=owner_name, phone=owner_phone)
    return services.change_owner(actor, vehicle, customer=customer)


def read_odometer(actor: Actor, vehicle: Vehicle, *, km: int, reason: str) -> OdometerReading:
    actor.require("vehicle.edit")
    return services.record_odometer(actor, vehicle, km=km, reason=reason)


class VehicleDetail(DetailScreen):
    """One vehicle with its histories; visits come from the workshop."""

    portal, permission = "garage", "vehicle.view"
    place = "vehicles.vehicle"
    selector = staticmethod(selectors.list_vehicles)
    table = STATUS
    topics = ("vehicle:{id}",)
    fragments = (
        Fragment("facts", "vehicles/facts.html", build_facts),
        Fragment("odometer", "vehicles/odometer.html", build_odometer, is_side=True),
    )
    actions = {
        "change": ActionHandler(
            save_vehicle,
            form=VehicleForm,
            label=_("Edit"),
            icon="pencil",
            permission="vehicle.edit",
            initial=VehicleForm.initial_of,
            done=_("Saved."),
        ),
        "plate": ActionHandler(
            services.assign_plate,
            form=PlateForm,
            label=_("Change the plate"),
            icon="scan-line",
            permission="vehicle.edit",
            done=_("The plate is on this vehicle now."),
        ),
        "owner": ActionHandler(
            give_to, form=OwnerForm, label=_("Change the owner"), icon="user", permission="vehicle.edit"
        ),
        "odometer": ActionHandler(
            read_odometer, form=OdometerForm, label=_("Enter the odometer"), icon="gauge", permission="vehicle.edit"
        ),
    }
    list_url_name = "garage:vehicles"
    list_label = _("Vehicles")

    def get_subtitle(self) -> str:
        return " · ".join(part for part in (str(self.instance.model), describe(self.instance)) if part)


class NewVehicle(FormScreen):
    """A vehicle of a customer; `?customer=` names one that is known."""

    portal, permission = "garage", "vehicle.edit"
    title = _("New vehicle")
    form_class = NewVehicleForm
    cancel_url_name = "garage:vehicles"
    done = _("Vehicle registered.")

    def get_initial(self) -> Mapping[str, Any]:
        if not self.request.GET.get("customer"):
            return {}
        owner = get_visible(list_customers(self.actor), self.actor, self.request.GET["customer"])
        return {"owner_name": owner.name, "owner_phone": owner.phone}

    def save(self, data: Mapping[str, Any]) -> Vehicle:
        return register(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return link_to(result)


def register(
    actor: Actor, *, plate: str, make: str, model: str, owner_name: str, owner_phone: str, **fields: Any
) -> Vehicle:
    """A new vehicle of the customer of that name and phone, made when new."""
    customer = find_or_create_customer(actor, name=owner_name, phone=owner_phone)
    found = services.find_or_create_model(make, model)
    return services.register_vehicle(
        actor, customer=customer, plate=plate, model=found, branch_id=actor.branch_id, **fields
    )


def find_vehicles(actor: Actor, text: str) -> Iterable[PaletteItem]:
    """Vehicles for the palette: by any part of plate or VIN, or by owner."""
    rows = selectors.search_vehicles(selectors.list_vehicles(actor), text)[:MAX_ITEMS]
    return [
        PaletteItem(row.plate or row.vin, link_to(row), "car", f"{row.model} · {row.customer.name}") for row in rows
    ]


add_part(
    "customers.customer",
    Fragment("vehicles", "vehicles/of_customer.html", build_vehicles_of, permission="vehicle.view"),
    order=10,
)
register_palette("vehicles", find_vehicles, label=_("Vehicles"), portal="garage", permission="vehicle.view", order=30)
register_nav(
    portal="garage",
    group=_("Customers"),
    label=_("Vehicles"),
    url_name="garage:vehicles",
    icon="car",
    permission="vehicle.view",
    order=32,
)
urlpatterns_garage = [
    VehicleList.path("vehicles/", "vehicles"),
    NewVehicle.path("vehicles/new/", "vehicle-new"),
    *VehicleDetail.urls("vehicles/<uuid:id>/", "vehicle"),
]
