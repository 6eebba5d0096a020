"""Price lists of a distributor: what each tier of garages pays."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.money import format_quantity
from apps.core.portal.actions import ActionButton, ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import BoolFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.engines.catalog.models import Product, Variant
from apps.engines.pricing import services
from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem
from apps.engines.pricing.portal.forms import BuyerForm, EditForm, ItemForm, PriceForm, PriceListForm
from apps.engines.pricing.selectors import list_price_lists


def with_counts(actor: Actor) -> "QuerySet[PriceList]":
    """Price lists with how many prices they hold and how many buyers they have."""
    return (
        PriceList.objects.visible_to(actor)
        .select_related("organization")
        .annotate(prices=Count("items", distinct=True), buyers=Count("assignments", distinct=True))
    )


class PriceLists(ListScreen):
    portal, permission = "distributor", "price.view"
    title = _("Price lists")
    selector = staticmethod(with_counts)
    columns = (
        Column("name", _("Name"), sort="name"),
        Column(
            "discount", _("General discount (%)"), value="discount_percent", kind="quantity", sort="discount_percent"
        ),
        Column("prices", _("Single prices"), kind="number", sort="prices"),
        Column("buyers", _("Garages"), kind="number", sort="buyers"),
        Column("is_active", _("In force"), kind="bool", sort="is_active"),
    )
    filters = (BoolFilter("active", _("In force"), field="is_active"),)
    search = ("name",)
    default_sort = "name"
    primary = Button(_("New price list"), "distributor:price-list-new", permission="price.edit", opens="drawer")
    row_url = staticmethod(lambda row: reverse("distributor:price-list", args=[row.pk]))
    empty = Empty(_("No price lists yet"), _("Without one every garage pays the list price."), "tags")


def build_prices(_actor: Actor, price_list: PriceList) -> dict[str, Any]:
    """The single prices with how far they are below the list price."""
    rows = PriceListItem.objects.filter(price_list=price_list).select_related("variant__product")
    ordered = rows.order_by("variant__product__name", "variant__sku", "min_quantity")
    return {"rows": [(row, percent_below(row.variant.price, row.unit_price)) for row in ordered[:500]]}


def build_buyers(_actor: Actor, price_list: PriceList) -> dict[str, Any]:
    rows = PriceListAssignment.objects.filter(price_list=price_list).select_related("buyer_organization", "customer")
    return {"buyers": sorted(str(row.buyer_organization or row.customer) for row in rows)}


def percent_below(list_price: Decimal, price: Decimal) -> str:
    """`15` when the price is 15 % below the list price; empty when it is not below."""
    if not list_price or price >= list_price:
        return ""
    return format_quantity(round((list_price - price) * 100 / list_price, 1))


def set_price(
    actor: Actor, price_list: PriceList, *, sku: Variant, min_quantity: Decimal, unit_price: Decimal
) -> PriceListItem:
    return services.set_price(actor, price_list, variant_id=sku.pk, unit_price=unit_price, min_quantity=min_quantity)


def give_to(actor: Actor, price_list: PriceList, *, buyer: str) -> PriceListAssignment:
    return services.assign_price_list(actor, price_list, buyer_organization_id=UUID(buyer))


class PriceListDetail(DetailScreen):
    portal, permission = "distributor", "price.view"
    selector = staticmethod(with_counts)
    fragments = (
        Fragment("prices", "pricing/prices.html", build_prices),
        Fragment("buyers", "pricing/buyers.html", build_buyers, is_side=True),
    )
    actions = {
        "price": ActionHandler(
            set_price,
            form=PriceForm,
            label=_("Set a price"),
            icon="tag",
            variant="primary",
            permission="price.edit",
            done=_("Saved."),
        ),
        "assign": ActionHandler(
            give_to,
            form=BuyerForm,
            label=_("Give to a garage"),
            icon="handshake",
            permission="price.edit",
            done=_("The garage has this price list now."),
        ),
        "edit": ActionHandler(
            services.update_price_list,
            form=EditForm,
            label=_("Edit"),
            icon="pencil",
            permission="price.edit",
            done=_("Saved."),
        ),
        "remove": ActionHandler(services.remove_price, form=ItemForm, permission="price.edit"),
    }
    list_url_name = "distributor:price-lists"
    list_label = _("Price lists")

    def get_subtitle(self) -> Any:
        percent = format_quantity(self.instance.discount_percent)
        return _("%(percent)s %% off everything without a price of its own") % {"percent": percent}

    def buttons(self) -> list[ActionButton]:
        """Taking a price out stands beside the price."""
        return [button for button in super().buttons() if button.name != "remove"]


class NewPriceList(FormScreen):
    portal, permission = "distributor", "price.edit"
    title = _("New price list")
    form_class = PriceListForm
    cancel_url_name = "distributor:price-lists"
    done = _("Price list created.")

    def save(self, data: Mapping[str, Any]) -> PriceList:
        return services.create_price_list(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse("distributor:price-list", args=[result.pk])


def build_tiers(actor: Actor, product: Product) -> dict[str, Any]:
    """What each price list makes of the product's prices."""
    variants = list(product.variants.all())
    lists = list(list_price_lists(actor).filter(is_active=True))
    single = PriceListItem.objects.filter(price_list__in=lists, variant__in=variants).order_by("min_quantity")
    by_place: dict[tuple[Any, Any], list[PriceListItem]] = {}
    for item in single:
        by_place.setdefault((item.price_list_id, item.variant_id), []).append(item)
    return {
        "tiers": [
            (variant, [(one, tier_price(one, variant), by_place.get((one.pk, variant.pk), [])) for one in lists])
            for variant in variants
        ]
    }


def tier_price(price_list: PriceList, variant: Variant) -> Decimal:
    """The price after the list's general discount, in whole units."""
    return round(variant.price * (100 - price_list.discount_percent) / 100)
