"""Forms of the guided set-up: as few questions as a company can be opened with."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.core.portal.fields import PhoneField
from apps.platform.organizations import selectors
from apps.platform.organizations.banks import list_banks
from apps.platform.organizations.checks import WEEKDAYS, parse_spans
from apps.platform.organizations.forms import RoleField
from apps.platform.organizations.models import Organization, Role

PLACES = 3


class StartForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the company"), max_length=160, widget=forms.TextInput(attrs={"autofocus": True})
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it does"),
        choices=lambda: [(value, capfirst(label)) for value, label in Organization.Kind.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(label=_("Country"), choices=[("VN", _("Vietnam")), ("IN", _("India"))])
    phone = PhoneField(label=_("Phone"), required=False)


class FirstBranchForm(forms.Form):
    name = forms.CharField(label=_("Name of the branch"), max_length=120)
    address = forms.CharField(label=_("House number and street"), max_length=300)
    ward = forms.CharField(label=_("Ward or commune"), max_length=80, required=False)
    province = forms.CharField(label=_("Province or city"), max_length=80, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    days = forms.MultipleChoiceField(
        label=_("Open on"),
        choices=lambda: [(day, capfirst(DAY_NAMES[int(day)])) for day in WEEKDAYS],
        widget=forms.CheckboxSelectMultiple,
    )
    hours = forms.CharField(label=_("Hours"), max_length=60, help_text=_("For example 08:00-12:00, 13:00-17:30."))

    def clean_hours(self) -> list[list[str]]:
        try:
            spans = parse_spans(self.cleaned_data["hours"])
        except BadInput as error:
            raise forms.ValidationError(str(error)) from error
        if not spans:
            raise forms.ValidationError(_("Write hours as 08:00-12:00, 13:00-17:30."))
        return spans

    def as_details(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        spans, days = data.pop("hours"), data.pop("days")
        return {**data, "opening_hours": dict.fromkeys(days, spans)}


class MoneyForm(forms.Form):
    tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    bank_bin = forms.ChoiceField(
        label=_("Bank"), required=False, choices=lambda: [("", _("No bank")), *list_banks().items()]
    )
    bank_account = forms.CharField(
        label=_("Account number"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    bank_account_name = forms.CharField(label=_("Account holder"), max_length=80, required=False)


class TeamForm(forms.Form):
    """A few addresses with roles; more people can be invited later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, PLACES + 1):
            self.fields[f"address_{number}"] = forms.CharField(
                label=_("Email or phone"), max_length=254, required=False
            )
            self.fields[f"role_{number}"] = RoleField(
                label=_("Role"), queryset=Role.objects.none(), required=False, empty_label=_("Choose a role")
            )

    def prepare(self, actor: Actor) -> None:
        roles = [row.pk for row in selectors.list_giveable_roles(actor)]
        for number in range(1, PLACES + 1):
            field: Any = self.fields[f"role_{number}"]
            field.queryset = Role.objects.filter(pk__in=roles).order_by("code")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(1, PLACES + 1):
            if data.get(f"address_{number}") and not data.get(f"role_{number}"):
                self.add_error(f"role_{number}", _("Choose a role"))
        return data

    def list_people(self) -> list[dict[str, Any]]:
        """The invitations that are asked for, each with the field it came from."""
        data = self.cleaned_data
        found = []
        for number in range(1, PLACES + 1):
            if address := data[f"address_{number}"].strip():
                key = "email" if "@" in address else "phone"
                found.append({"field": f"address_{number}", "role": data[f"role_{number}"], key: address})
        return found


class FirstDataForm(forms.Form):
    bays = forms.IntegerField(label=_("Number of bays"), min_value=1, max_value=20, initial=2)
    with_samples = forms.BooleanField(
        label=_("Begin with common services and prices"),
        required=False,
        initial=True,
        help_text=_("Oil change, brakes, diagnosis and more, to be changed at will."),
    )
