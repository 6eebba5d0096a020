"""What people say about price lists."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.fields import MoneyField, QuantityField, SuggestInput
from apps.engines.catalog.models import Variant
from apps.engines.catalog.rules import part_key
from apps.engines.catalog.selectors import list_variants
from apps.engines.pricing.models import PriceList
from apps.platform.organizations.selectors import list_garages


class PriceListForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    discount_percent = forms.DecimalField(
        label=_("General discount (%)"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        initial=0,
        help_text=_("Counts for everything that has no price of its own in this list."),
    )


class EditForm(PriceListForm):
    is_active = forms.BooleanField(label=_("In force"), required=False)

    def prepare(self, actor: Actor, price_list: PriceList) -> None:
        self.initial.setdefault("name", price_list.name)
        self.initial.setdefault("discount_percent", format(price_list.discount_percent.normalize(), "f"))
        self.initial.setdefault("is_active", price_list.is_active)


class PriceForm(forms.Form):
    """The price of one article, from a quantity on."""

    sku = forms.CharField(label=_("SKU"), max_length=60)
    min_quantity = QuantityField(label=_("From quantity"), initial=1)
    unit_price = MoneyField(label=_("Price, without tax"))

    def prepare(self, actor: Actor, price_list: PriceList) -> None:
        self.actor = actor
        self.fields["sku"].widget = SuggestInput(lambda: list_variants(actor).values_list("sku", flat=True)[:500])

    def clean_sku(self) -> Variant:
        """The company's own article."""
        key = part_key(self.cleaned_data["sku"])
        found = list_variants(self.actor).filter(sku_key=key).first() if key else None
        if found is None:
            raise forms.ValidationError(_("There is no such article."))
        return found


class ItemForm(forms.Form):
    item_id = forms.UUIDField(widget=forms.HiddenInput)


class BuyerForm(forms.Form):
    """A garage that gets the list."""

    buyer = forms.ChoiceField(label=_("Garage"))

    def prepare(self, actor: Actor, price_list: PriceList) -> None:
        rows: Any = list_garages().exclude(pk=actor.organization_id).order_by("name")
        self.fields["buyer"].choices = [(str(row.pk), row.name) for row in rows]
