"""Forms of customers."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.core.portal.fields import MoneyField, PhoneField
from apps.engines.customers.models import Customer


class CustomerForm(forms.Form):
    """Everything about a customer that people type."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, initial=Customer.Kind.PERSON)
    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autofocus": True}))
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    birth_date = forms.DateField(
        label=_("Birthday"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    credit_limit = MoneyField(label=_("Credit limit"), required=False)
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    has_marketing_consent = forms.BooleanField(label=_("Agrees to receive offers"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def initial_of(cls, customer: Model) -> dict[str, Any]:
        """The present values, as the form shows them."""
        values = {name: getattr(customer, name) for name in cls.base_fields}
        return {**values, "tags": ", ".join(values["tags"])}

    def clean_tags(self) -> list[str]:
        words = (word.strip()[:40] for word in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(word for word in words if word))

    def clean_credit_limit(self) -> Any:
        return self.cleaned_data["credit_limit"] or 0
