"""Forms of vehicles."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.core.clock import local_date
from apps.core.portal.fields import PhoneField, PlateField, SuggestInput
from apps.engines.vehicles.selectors import list_make_names, list_model_names

_DATE = {"type": "date"}


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs=_DATE, format="%Y-%m-%d")


class VehicleForm(forms.Form):
    """What a vehicle is; plate and owner have histories and forms of their own."""

    make = forms.CharField(label=_("Make"), max_length=60, widget=SuggestInput(list_make_names))
    model = forms.CharField(label=_("Model"), max_length=60, widget=SuggestInput(list_model_names))
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        validators=[MinValueValidator(1950), MaxValueValidator(2100)],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    color = forms.CharField(label=_("Colour"), max_length=40, required=False)
    vin = forms.CharField(label=_("VIN"), max_length=20, required=False)
    engine_number = forms.CharField(label=_("Engine number"), max_length=40, required=False)
    registered_on = forms.DateField(label=_("Registered on"), required=False, widget=_date_input())

    @classmethod
    def initial_of(cls, vehicle: Model) -> dict[str, Any]:
        """The present values, as the form shows them."""
        own = {name: getattr(vehicle, name) for name in ("year", "color", "vin", "engine_number", "registered_on")}
        model = vehicle.model  # type: ignore[attr-defined]
        return {"make": model.make.name, "model": model.name, **own}


class OwnerForm(forms.Form):
    """Whose vehicle it is: a known customer is found by phone and name."""

    owner_name = forms.CharField(label=_("Owner"), max_length=160)
    owner_phone = PhoneField(label=_("Phone"), required=False)


class NewVehicleForm(VehicleForm):
    plate = PlateField(label=_("Plate"), widget=forms.TextInput(attrs={"autofocus": True}))
    owner_name = forms.CharField(label=_("Owner"), max_length=160)
    owner_phone = PhoneField(label=_("Owner's phone"), required=False)
    field_order = ("plate", "owner_name", "owner_phone")


class PlateForm(forms.Form):
    plate = PlateField(label=_("Plate"), widget=forms.TextInput(attrs={"autofocus": True}))
    on = forms.DateField(label=_("From"), widget=_date_input(), initial=local_date)


class OdometerForm(forms.Form):
    km = forms.IntegerField(label=_("Odometer (km)"), min_value=0, max_value=5_000_000)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=160,
        required=False,
        help_text=_("Needed when the odometer shows less than at the last visit."),
    )
