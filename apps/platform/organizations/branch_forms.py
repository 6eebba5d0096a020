"""Forms of branches, and how opening hours are typed: one line per weekday."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.core.portal.fields import PhoneField
from apps.platform.accounts.models import User
from apps.platform.organizations import selectors
from apps.platform.organizations.checks import WEEKDAYS, parse_spans
from apps.platform.organizations.models import Branch


# The end of the name is how field templates know a group.
class CheckboxSelectMultipleInput(forms.Widget):
    """A line per weekday: `08:00-12:00, 13:00-17:30`, empty when closed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {day: data.get(f"{name}-{day}", "") for day in WEEKDAYS}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}-{day}" not in data for day in WEEKDAYS)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = value or {}
        lines = [
            {"key": f"{name}-{day}", "label": capfirst(DAY_NAMES[int(day)]), "value": _as_text(given.get(day, ""))}
            for day in WEEKDAYS
        ]
        return SafeString(render_to_string("organizations/settings/hours.html", {"lines": lines}))


def _as_text(spans: Any) -> str:
    return spans if isinstance(spans, str) else ", ".join("-".join(span) for span in spans)


class HoursField(forms.Field):
    """Opening hours by weekday."""

    widget = CheckboxSelectMultipleInput

    def clean(self, value: Any) -> dict[str, list[list[str]]]:
        try:
            found = {day: parse_spans(text) for day, text in (value or {}).items()}
        except BadInput as error:
            raise forms.ValidationError(str(error)) from error
        return {day: spans for day, spans in found.items() if spans}


class BranchForm(forms.Form):
    """A site of the company; the service knows what is right."""

    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Short, for example TB1."))
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: [(value, capfirst(label)) for value, label in Branch.Kind.choices]
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    province = forms.CharField(label=_("Province or city"), max_length=80, required=False)
    ward = forms.CharField(label=_("Ward or commune"), max_length=80, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    manager = forms.ModelChoiceField(
        label=_("Manager"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    opening_hours = HoursField(
        label=_("Opening hours"),
        required=False,
        help_text=_("For example 08:00-12:00, 13:00-17:30; empty when closed."),
    )
    latitude = forms.DecimalField(label=_("Latitude"), required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=_("Longitude"), required=False, max_digits=9, decimal_places=6)
    is_active = forms.BooleanField(label=pgettext_lazy("branch", "Open"), required=False, initial=True)

    def prepare(self, actor: Actor, _instance: Branch | None = None) -> None:
        manager: Any = self.fields["manager"]
        manager.queryset = selectors.list_colleagues(actor)

    @classmethod
    def initial_of(cls, branch: Branch) -> dict[str, Any]:
        return {name: getattr(branch, name) for name in cls.base_fields}


class SharingForm(forms.Form):
    """What members of one branch see of the others."""

    stock = forms.BooleanField(
        label=_("Stock"), required=False, help_text=_("What the other branches have in stock, to read only.")
    )
    prices = forms.BooleanField(
        label=_("Prices"), required=False, help_text=_("Cost and prices of the goods in other branches.")
    )
    sales = forms.BooleanField(
        label=pgettext_lazy("sharing", "Sales"),
        required=False,
        help_text=_("Orders and invoices of the other branches, to read only."),
    )
