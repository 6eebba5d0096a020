"""What people say about stock."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.core.portal.columns import capitalize
from apps.core.portal.fields import MoneyField, QuantityField, SuggestInput
from apps.engines.catalog.models import Variant
from apps.engines.catalog.rules import part_key
from apps.engines.catalog.selectors import list_variants
from apps.engines.inventory.models import StockLevel, Warehouse
from apps.engines.inventory.portal.queries import list_warehouse_choices
from apps.platform.organizations.selectors import list_branches

ZERO = Decimal(0)


class CountForm(forms.Form):
    """What was really found on the shelf."""

    on_hand = QuantityField(label=_("Counted on the shelf"), min_value=ZERO)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: count, broken, lost, found"))

    def prepare(self, actor: Actor, level: StockLevel) -> None:
        self.initial.setdefault("on_hand", plain(level.on_hand))


class IncomingForm(forms.Form):
    """Goods that come in."""

    quantity = QuantityField(label=_("Quantity"))
    unit_cost = MoneyField(label=_("Cost per unit, without tax"))
    reference = forms.CharField(label=_("Delivery note"), max_length=40, required=False)

    def prepare(self, actor: Actor, level: StockLevel) -> None:
        cost = level.average_cost or level.variant.cost
        if actor.can("inventory.see_cost") and cost:
            self.initial.setdefault("unit_cost", plain(round(cost)))


class LimitsForm(forms.Form):
    reorder_point = QuantityField(label=_("Order again at"), min_value=ZERO, help_text=_("0 means: never remind."))
    max_level = QuantityField(label=_("Keep at most"), min_value=ZERO)

    def prepare(self, actor: Actor, level: StockLevel) -> None:
        self.initial.setdefault("reorder_point", plain(level.reorder_point))
        self.initial.setdefault("max_level", plain(level.max_level))


class ReceiveForm(forms.Form):
    """Where the goods go, and the paper that came with them."""

    warehouse = forms.ChoiceField(label=pgettext_lazy("place", "Warehouse"))
    reference = forms.CharField(label=_("Delivery note"), max_length=40, required=False)

    def prepare(self, actor: Actor) -> None:
        choices = [(str(key), name) for key, name in list_warehouse_choices(actor)]
        self.fields["warehouse"].choices = choices


class ReceiveLineForm(forms.Form):
    """One article, by SKU or barcode."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=60)
    quantity = QuantityField(label=_("Quantity"))
    unit_cost = MoneyField(label=_("Cost per unit, without tax"))

    def prepare(self, actor: Actor) -> None:
        self.actor = actor
        self.fields["sku"].widget = SuggestInput(lambda: list_variants(actor).values_list("sku", flat=True)[:500])

    def clean_sku(self) -> Variant:
        """The company's own article."""
        found = find_variant(self.actor, self.cleaned_data["sku"])
        if found is None:
            raise forms.ValidationError(_("There is no such article. Please create it first."))
        return found


class WarehouseForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=12)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Warehouse.Kind.choices)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)

    def prepare(self, actor: Actor) -> None:
        branches = [(str(branch.pk), branch.name) for branch in list_branches(actor)]
        self.fields["branch"].choices = [("", "–"), *branches]
        self.fields["kind"].choices = [(code, capitalize(str(label))) for code, label in Warehouse.Kind.choices]


def find_variant(actor: Actor, code: str) -> Variant | None:
    """The company's own article of a SKU (any punctuation) or a barcode."""
    from_barcode = list_variants(actor).filter(barcode=code.strip()).first() if code.strip() else None
    return from_barcode or list_variants(actor).filter(sku_key=part_key(code)).exclude(sku_key="").first()


def plain(quantity: Any) -> str:
    """`2` for 2.000: as fields hold it."""
    return format(Decimal(quantity).normalize(), "f")
