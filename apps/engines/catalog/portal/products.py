"""Products: list, page with pictures and vehicles, and what changes them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.portal.actions import ActionButton, ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import BoolFilter, ChoiceFilter, Filter, ForeignFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.listing_page import Line
from apps.core.portal.palette import MAX_ITEMS, PaletteItem
from apps.core.portal.parts import Button, Empty
from apps.core.states import StateTable
from apps.engines.catalog import services
from apps.engines.catalog.models import Brand, Category, Product, Variant
from apps.engines.catalog.portal.forms import EditForm, FitForm, MediaForm, NewProductForm, PictureForm, SkuForm
from apps.engines.catalog.selectors import list_products, list_products_in_full, main_picture, match_text, subtree_of
from apps.engines.catalog.services import FitmentInput, VariantInput
from apps.platform.files.selectors import file_url
from apps.platform.files.services import store_image

STATUS = StateTable(
    "status",
    Product.Status,
    {},
    tones={Product.Status.ACTIVE: "done", Product.Status.DRAFT: "attention", Product.Status.DISCONTINUED: "neutral"},
)


class CategoryFilter(Filter):
    """A main category with everything below it."""

    def options(self, actor: Actor) -> Sequence[tuple[str, Any]]:
        rows = Category.objects.filter(parent=None, is_active=True).order_by("position", "name")
        return list(rows.values_list("slug", "name"))

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows.filter(category__in=[key for slug in value for key in subtree_of(slug)])


def list_brand_choices(actor: Actor) -> list[tuple[Any, str]]:
    own = Product.objects.visible_to(actor).order_by().values("brand")
    return list(Brand.objects.filter(pk__in=own).order_by("name").values_list("pk", "name"))


def add_pictures(products: Iterable[Any]) -> None:
    """Puts the small picture on every row."""
    for product in products:
        picture = main_picture(product)
        product.picture = file_url(picture.file, thumbnail=True) if picture else ""


class ProductList(ListScreen):
    """The company's own catalogue. Each portal has its own subclass."""

    permission = "catalog.view"
    title = _("Products")
    selector = staticmethod(list_products)
    columns = (
        Column("name", _("Product"), template="catalog/cell_product.html", sort="name"),
        Column("part_number", _("Part number"), sort="part_number", css="num"),
        Column("category", _("Category"), value="category.name", sort="category__name"),
        Column("list_price", _("List price"), kind="money", currency="organization.currency", sort="list_price"),
        Column("available", _("Available"), kind="quantity", sort="available", permission="inventory.view"),
        Column("status", _("Status"), kind="badge", table=STATUS, sort="status"),
        Column("warranty", _("Warranty (months)"), value="warranty_months", kind="number", is_default=False),
        Column("created", _("Added"), value="created_at", kind="date", sort="created_at", is_default=False),
    )
    filters = (
        CategoryFilter("category", _("Category")),
        ForeignFilter("brand", _("Brand"), field="brand_id", choose=list_brand_choices),
        ChoiceFilter("status", _("Status"), choices=Product.Status.choices),
        BoolFilter("out", _("Out of stock"), only=lambda actor: Q(available__lte=0)),
    )
    search = staticmethod(match_text)
    search_placeholder = _("Name, part number, SKU, barcode")
    scans = True
    default_sort = "name"
    empty = Empty(_("No products yet"), _("Create the first one, or take them over by ordering."), "package")

    def lines(self, rows: Sequence[Any]) -> list[Line]:
        add_pictures(rows)
        return super().lines(rows)


def build_facts(_actor: Actor, product: Product) -> dict[str, Any]:
    """Pictures with their addresses, SKUs, facts."""
    photos = [
        {"row": row, "url": file_url(row.file), "thumb": file_url(row.file, thumbnail=True)}
        for row in product.media.all()
    ]
    return {"photos": photos, "variants": list(product.variants.all())}


def add_picture(actor: Actor, product: Product, *, picture: Any, is_main: bool) -> Any:
    """Keeps the picture, open to everybody who sees the product, and puts it with the product."""
    actor.require("catalog.edit")
    return services.add_media(actor, product, file=store_image(actor, picture, is_public=True), is_main=is_main)


def save_sku(actor: Actor, product: Product, *, variant: str, price: Decimal, **fields: Any) -> Variant:
    """Changes a SKU of the product; the price only when it is another one, which needs a right of its own."""
    found = get_visible(product.variants.all(), actor, variant)
    wanted: dict[str, Any] = {"price": price, "cost": fields.pop("cost", None)}
    prices = {name: value for name, value in wanted.items() if value is not None and value != getattr(found, name)}
    return services.update_variant(actor, found, **fields, **prices)


def add_fit(actor: Actor, product: Product, *, model_id: Any, year_from: int, year_to: int) -> Product:
    """One more vehicle beside those known."""
    known = [FitmentInput(row.model_id, row.year_from, row.year_to) for row in product.fitments.all()]
    return services.set_fitments(actor, product, fitments=[*known, FitmentInput(model_id.pk, year_from, year_to)])


class ProductDetail(DetailScreen):
    """One product; stock and prices come from the apps above. Each portal has its own subclass."""

    permission = "catalog.view"
    place = "catalog.product"
    selector = staticmethod(list_products_in_full)
    table = STATUS
    fragments = (
        Fragment("facts", "catalog/facts.html", build_facts),
        Fragment("fits", "catalog/fits.html", is_side=True),
    )
    actions = {
        "edit": ActionHandler(
            services.update_product,
            form=EditForm,
            label=_("Edit"),
            icon="pencil",
            permission="catalog.edit",
            done=_("Saved."),
        ),
        "sku": ActionHandler(
            save_sku, form=SkuForm, label=_("SKU and price"), icon="tag", permission="catalog.edit", done=_("Saved.")
        ),
        "picture": ActionHandler(
            add_picture, form=PictureForm, label=_("Add a picture"), icon="camera", permission="catalog.edit"
        ),
        "show_first": ActionHandler(services.set_main_media, form=MediaForm, permission="catalog.edit"),
        "remove_picture": ActionHandler(services.remove_media, form=MediaForm, permission="catalog.edit"),
        "fit": ActionHandler(
            add_fit, form=FitForm, label=_("Add a vehicle"), icon="car", permission="catalog.edit", done=_("Saved.")
        ),
    }
    list_label = _("Products")

    def get_subtitle(self) -> str:
        product = self.instance
        words = (product.brand.name if product.brand else "", product.part_number, product.category.name)
        return " · ".join(word for word in words if word)

    def buttons(self) -> list[ActionButton]:
        """What stands beside a picture or a vehicle is no button of the head."""
        return [button for button in super().buttons() if button.name in ("edit", "sku", "picture")]


class NewProduct(FormScreen):
    """Each portal has its own subclass."""

    permission = "catalog.edit"
    title = _("New product")
    form_class = NewProductForm
    done = _("Product created.")

    def save(self, data: Mapping[str, Any]) -> Product:
        return create(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:product", args=[result.pk])


def create(
    actor: Actor, *, sku: str, barcode: str, unit: str, price: Decimal, cost: Decimal | None, **fields: Any
) -> Product:
    """A product with one SKU."""
    variant = VariantInput(sku, price, barcode=barcode, unit=unit, cost=cost or Decimal(0))
    return services.create_product(actor, variants=[variant], **fields)


def find_products(portal: str) -> Any:
    """Products for the palette of a portal."""

    def find(actor: Actor, text: str) -> list[PaletteItem]:
        rows = match_text(list_products(actor), text).order_by("-relevance", "name", "pk")[:MAX_ITEMS]
        return [
            PaletteItem(row.name, reverse(f"{portal}:product", args=[row.pk]), "package", row.part_number)
            for row in rows
        ]

    return find


def link_to(portal: str) -> Any:
    return staticmethod(lambda row: reverse(f"{portal}:product", args=[row.pk]))


def new_button(portal: str) -> Button:
    return Button(_("New product"), f"{portal}:product-new", permission="catalog.edit")


class GarageProducts(ProductList):
    portal, row_url, primary = "garage", link_to("garage"), new_button("garage")


class GarageProduct(ProductDetail):
    portal, list_url_name = "garage", "garage:products"


class GarageNewProduct(NewProduct):
    portal, cancel_url_name = "garage", "garage:products"


class DistributorProducts(ProductList):
    portal, row_url, primary = "distributor", link_to("distributor"), new_button("distributor")


class DistributorProduct(ProductDetail):
    portal, list_url_name = "distributor", "distributor:products"


class DistributorNewProduct(NewProduct):
    portal, cancel_url_name = "distributor", "distributor:products"
