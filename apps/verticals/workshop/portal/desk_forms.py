"""Forms of the reception desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.fields import PhoneField, PlateField, SuggestInput
from apps.engines.scheduling.models import Resource
from apps.engines.scheduling.selectors import list_resources
from apps.engines.vehicles.selectors import list_make_names, list_model_names
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.selectors import bookable_services

Choices = list[tuple[str, str]]


def moment_input() -> forms.DateTimeInput:
    """Day and time in one field of the browser, in steps of five minutes."""
    return forms.DateTimeInput(attrs={"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M")


def bay_choices(actor: Actor, branch_id: Any) -> Choices:
    rows = list_resources(actor, branch_id=branch_id, kind=Resource.Kind.BAY)
    return [(str(row.pk), row.name) for row in rows]


def service_choices(organization_id: Any) -> Choices:
    return [(row.code, row.name) for row in bookable_services(organization_id)]


class VisitorForm(forms.Form):
    """Who comes with what; filled in by itself when the plate is known."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=_("Phone"))
    email = forms.EmailField(label=_("Email"), required=False)
    make = forms.CharField(label=_("Make"), max_length=40, required=False, widget=SuggestInput(list_make_names))
    model = forms.CharField(label=_("Model"), max_length=40, required=False, widget=SuggestInput(list_model_names))


class StaffBookingForm(VisitorForm):
    """A visit booked by the garage's own people."""

    plate = PlateField(label=_("Plate"), required=False)
    service_codes = forms.MultipleChoiceField(label=_("Service"), widget=forms.CheckboxSelectMultiple)
    starts_at = forms.DateTimeField(label=_("Time"), widget=moment_input())
    resource = forms.ChoiceField(label=_("Bay"), required=False)
    concern = forms.CharField(
        label=_("What is the matter?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    channel = forms.ChoiceField(
        label=_("How they came to us"),
        choices=[(Appointment.Channel.PHONE, _("By phone")), (Appointment.Channel.WALK_IN, _("At the desk"))],
        initial=Appointment.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    field_order = ("service_codes", "starts_at", "resource", "plate", "name", "phone", "email", "make", "model")

    def offer(self, actor: Actor, branch_id: Any) -> None:
        """Fills the choices for a branch."""
        fields: Any = self.fields
        fields["service_codes"].choices = service_choices(actor.organization_id)
        fields["resource"].choices = [("", _("Any free bay")), *bay_choices(actor, branch_id)]


class MoveForm(forms.Form):
    """Another time or bay for an appointment."""

    starts_at = forms.DateTimeField(label=_("Time"), widget=moment_input())
    resource = forms.ChoiceField(label=_("Bay"))

    @staticmethod
    def initial_of(appointment: Any) -> dict[str, Any]:
        return {"starts_at": appointment.starts_at, "resource": str(appointment.resource_id)}

    def prepare(self, actor: Actor, appointment: Appointment) -> None:
        self.fields["resource"].choices = bay_choices(actor, appointment.branch_id)


class ArrivalForm(VisitorForm):
    """How a vehicle comes in."""

    plate = PlateField(label=_("Plate"), widget=forms.TextInput(attrs={"autofocus": True}))
    phone = PhoneField(label=_("Phone"), required=False)
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1950,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    color = forms.CharField(label=_("Colour"), max_length=40, required=False)
    vin = forms.CharField(label=_("VIN"), max_length=20, required=False)
    odometer_km = forms.IntegerField(
        label=_("Odometer (km)"),
        min_value=0,
        max_value=5_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    odometer_reason = forms.CharField(
        label=_("Why is it lower than last time?"),
        max_length=160,
        required=False,
        help_text=_("For example: instrument cluster replaced."),
    )
    fuel_percent = forms.IntegerField(
        label=_("Fuel"),
        min_value=0,
        max_value=100,
        initial=50,
        widget=forms.NumberInput(attrs={"type": "range", "step": 5}),
    )
    marks = forms.JSONField(label=_("Marks"), required=False, initial=list, widget=forms.HiddenInput)
    concern = forms.CharField(
        label=_("What the customer says"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    belongings = forms.CharField(label=_("Left in the vehicle"), max_length=300, required=False)
    notes = forms.CharField(label=_("Notes"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    bay = forms.ChoiceField(label=_("Bay"), required=False)
    promised_at = forms.DateTimeField(label=_("Promised for"), required=False, widget=moment_input())

    def offer(self, actor: Actor, branch_id: Any) -> None:
        """Fills the choices for a branch."""
        self.fields["bay"].choices = [("", _("Later")), *bay_choices(actor, branch_id)]

    def clean_marks(self) -> tuple[dict[str, Any], ...]:
        """The marks of the drawing; anything that is none is left out."""
        return tuple(read_marks(self.cleaned_data["marks"]))


MARK_KINDS = {"scratch": _("scratch"), "dent": _("dent"), "crack": _("crack")}
MARK_VIEWS = {"left": _("left side"), "right": _("right side"), "front": _("front"), "rear": _("rear"), "top": _("top")}
MAX_MARKS = 60


def read_marks(given: Any) -> list[dict[str, Any]]:
    """[{view, x, y, kind, note}] with known words and places in percent, at most MAX_MARKS."""
    found = []
    for mark in given if isinstance(given, list) else []:
        if not isinstance(mark, dict) or mark.get("view") not in MARK_VIEWS or mark.get("kind") not in MARK_KINDS:
            continue
        x, y = mark.get("x"), mark.get("y")
        if not all(isinstance(value, int | float) and 0 <= value <= 100 for value in (x, y)):
            continue
        note = str(mark.get("note") or "").strip()[:80]
        found.append({"view": mark["view"], "x": x, "y": y, "kind": mark["kind"], "note": note})
    return found[:MAX_MARKS]
