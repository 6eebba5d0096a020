"""Forms of invoices: receiving money, changing a draft, its lines."""

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import capitalize
from apps.core.portal.fields import MoneyField, QuantityField
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.payments.models import Payment
from apps.engines.payments.services import COUNTER_METHODS


def list_methods() -> list[tuple[str, str]]:
    """The ways to pay at the counter, in the language of the page."""
    return [(method.value, capitalize(str(method.label))) for method in COUNTER_METHODS]


def list_kinds() -> list[tuple[str, str]]:
    return [(value, capitalize(str(label))) for value, label in InvoiceLine.Kind.choices]


class ReceiveForm(forms.Form):
    """Money over the counter; what the payer hands over shows the change while it is typed."""

    amount = MoneyField(label=_("Amount received"), min_value=Decimal(1))
    method = forms.ChoiceField(
        label=_("Method"), choices=list_methods, widget=forms.RadioSelect, initial=Payment.Method.CASH
    )
    tendered = MoneyField(label=_("Cash handed over"), required=False)
    transaction_reference = forms.CharField(label=_("Transaction no."), max_length=64, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def prepare(self, actor: Actor, instance: Invoice) -> None:
        tendered = self.fields["tendered"]
        tendered.help_text = mark_safe('<span id="change" aria-live="polite"></span>')
        tendered.widget.attrs.update(
            {
                "hx-post": reverse("garage:invoice-change", args=[instance.pk]),
                "hx-include": "closest form",
                "hx-target": "#change",
                "hx-swap": "innerHTML",
                "hx-trigger": "input changed delay:250ms",
            }
        )


class DraftForm(forms.Form):
    billed_name = forms.CharField(label=_("Billed to"), max_length=200)
    billed_phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    billed_email = forms.EmailField(label=_("Email"), required=False)
    billed_address = forms.CharField(label=_("Address"), max_length=300, required=False)
    billed_tax_code = forms.CharField(label=_("Tax code"), max_length=20, required=False)
    due_on = forms.DateField(label=_("Pay until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LineForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=list_kinds)
    description = forms.CharField(label=_("Description"), max_length=200)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    quantity = QuantityField(label=_("Quantity"), initial=1)
    unit_price = MoneyField(label=_("Unit price"))
    discount = MoneyField(label=_("Discount"), required=False)
    tax_rate = forms.DecimalField(
        label=_("VAT (%)"), min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=10
    )

    def clean_discount(self) -> Any:
        return self.cleaned_data["discount"] or Decimal(0)


class RefundForm(forms.Form):
    amount = MoneyField(label=_("Amount to pay back"), min_value=Decimal(1))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
