"""What people say about products."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import capitalize
from apps.core.portal.fields import MoneyField
from apps.engines.catalog.models import Brand, Product, TaxClass
from apps.engines.catalog.selectors import category_tree
from apps.engines.vehicles.models import VehicleModel

KINDS = [(code, label) for code, label in Product.Kind.choices if code != Product.Kind.KIT]


class ProductForm(forms.Form):
    """The product's own facts."""

    name = forms.CharField(label=_("Name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    category_id = forms.TypedChoiceField(label=_("Category"), coerce=int)
    brand_id = forms.TypedChoiceField(label=_("Brand"), coerce=UUID, empty_value=None, required=False)
    part_number = forms.CharField(label=_("Part number"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    tax_class_id = forms.TypedChoiceField(label=_("Tax class"), coerce=UUID)
    warranty_months = forms.IntegerField(label=_("Warranty (months)"), min_value=0, max_value=240, initial=0)
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def prepare(self, actor: Actor, product: Product | None = None) -> None:
        fields: dict[str, Any] = self.fields
        fields["category_id"].choices = list_categories()
        fields["brand_id"].choices = [("", "–"), *((str(key), name) for key, name in brands())]
        fields["tax_class_id"].choices = [
            (str(row.pk), row.name) for row in TaxClass.objects.order_by("country", "code")
        ]
        fields["kind"].choices = [(code, capitalize(str(label))) for code, label in KINDS]
        for name in fields if product is not None else ():
            if hasattr(product, name):
                self.initial.setdefault(name, getattr(product, name))


class EditForm(ProductForm):
    status = forms.ChoiceField(label=_("Status"))

    def prepare(self, actor: Actor, product: Product | None = None) -> None:
        self.fields["status"].choices = [(code, capitalize(str(label))) for code, label in Product.Status.choices]
        super().prepare(actor, product)


class NewProductForm(ProductForm):
    """A product with its first SKU."""

    sku = forms.CharField(label=_("SKU"), max_length=60)
    barcode = forms.CharField(label=_("Barcode"), max_length=32, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, initial="cái")
    price = MoneyField(label=_("List price, without tax"))
    cost = MoneyField(label=_("Standard cost, without tax"), required=False)


class SkuForm(forms.Form):
    """One SKU of a product, an old one or (without a choice) a new one."""

    variant = forms.ChoiceField(label=_("SKU"), required=False)
    sku = forms.CharField(label=_("SKU"), max_length=60)
    barcode = forms.CharField(label=_("Barcode"), max_length=32, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20)
    price = MoneyField(label=_("List price, without tax"))
    cost = MoneyField(label=_("Standard cost, without tax"), required=False)
    is_active = forms.BooleanField(label=_("Offered"), required=False, initial=True)

    def prepare(self, actor: Actor, product: Product) -> None:
        variants = list(product.variants.all())
        self.fields["variant"].widget = forms.HiddenInput()
        self.fields["variant"].choices = [(str(row.pk), row.sku) for row in variants]
        if not actor.can("inventory.see_cost"):
            del self.fields["cost"]
        if variants and not self.is_bound:
            first = variants[0]
            self.initial.update(variant=first.pk, sku=first.sku, barcode=first.barcode, unit=first.unit)
            self.initial.update(price=plain(first.price), cost=plain(first.cost), is_active=first.is_active)


class PictureForm(forms.Form):
    picture = forms.ImageField(label=_("Picture"))
    is_main = forms.BooleanField(label=_("Show it first"), required=False)


class MediaForm(forms.Form):
    media_id = forms.UUIDField(widget=forms.HiddenInput)


class FitForm(forms.Form):
    """One more vehicle that the product fits."""

    model_id = forms.ModelChoiceField(VehicleModel.objects.none(), label=_("Vehicle"), empty_label=None, required=True)
    year_from = forms.IntegerField(label=_("From year"), min_value=1950, max_value=2100)
    year_to = forms.IntegerField(label=_("To year"), min_value=1950, max_value=2100)

    def prepare(self, actor: Actor, product: Product) -> None:
        models = VehicleModel.objects.select_related("make").exclude(name="—").order_by("make__name", "name")
        self.fields["model_id"].queryset = models

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("year_from") and data.get("year_to") and data["year_from"] > data["year_to"]:
            self.add_error("year_to", _("The years run backwards."))
        return data


def list_categories() -> list[tuple[int, str]]:
    """The tree as one list, deeper ones moved in."""
    name = "name_en" if (get_language() or "").startswith("en") else "name"
    return [(row.pk, f"{'— ' * row.tree_depth}{getattr(row, name) or row.name}") for row in category_tree()]


def brands() -> list[tuple[Any, str]]:
    return list(Brand.objects.order_by("name").values_list("pk", "name"))


def plain(amount: Decimal) -> str:
    """`720000` for 720000.00."""
    return format(amount.normalize(), "f")
