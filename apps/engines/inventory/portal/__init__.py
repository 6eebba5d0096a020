"""Screens of stock in the garage's and the distributor's portal, and its part of a product's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import Fragment
from apps.core.portal.figures import Figure, register_figure
from apps.core.portal.places import add_part
from apps.core.portal.registry import register_nav
from apps.engines.catalog.models import Product
from apps.engines.inventory.portal import ledger, shared, stock, warehouses
from apps.engines.inventory.portal.queries import is_low, label_of, stock_of
from apps.engines.inventory.selectors import list_levels, list_movements


def build_stock_of(actor: Actor, product: Product) -> dict[str, Any]:
    """Where the product lies."""
    levels = list(list_levels(actor).filter(variant__product=product).order_by("warehouse__name", "variant__sku"))
    return {"rows": [(level, label_of(level)) for level in levels], "sees_cost": actor.can("inventory.see_cost")}


def build_movements_of(actor: Actor, product: Product) -> dict[str, Any]:
    """The newest lines of its ledger."""
    rows = list_movements(actor).filter(variant__product=product)[:15]
    return {"movements": list(rows), "sees_cost": actor.can("inventory.see_cost"), "names_place": True}


add_part("catalog.product", Fragment("stock", "inventory/of_product.html", build_stock_of, permission="inventory.view"))
add_part(
    "catalog.product", Fragment("ledger", "inventory/ledger.html", build_movements_of, permission="inventory.view")
)


def count_low(actor: Actor) -> Figure | None:
    """For the garage's dashboard: how many articles run low."""
    return Figure(_("Running low"), stock_of(actor).filter(is_low(actor)).count(), f"{reverse('garage:stock')}?low=1")


register_figure("garage", "low-stock", count_low, permission="inventory.view", order=40)

for _portal, _group, _order in (("garage", _("Parts"), 44), ("distributor", _("Stock"), 30)):
    for _label, _name, _icon, _place in (
        (_("Stock"), "stock", "boxes", 0),
        (_("Stock movements"), "movements", "arrow-left-right", 1),
        (_("Warehouses"), "warehouses", "warehouse", 2),
    ):
        register_nav(
            portal=_portal,
            group=_group,
            label=_label,
            url_name=f"{_portal}:{_name}",
            icon=_icon,
            permission="inventory.view",
            order=_order + _place,
        )

urlpatterns_garage = [
    stock.GarageStock.path("stock/", "stock"),
    stock.GarageReceive.path("stock/receive/", "stock-receive"),
    ledger.GarageMovements.path("stock/movements/", "movements"),
    shared.GarageSharedStock.path("stock/branches/", "stock-branches"),
    warehouses.GarageWarehouses.path("stock/warehouses/", "warehouses"),
    warehouses.GarageNewWarehouse.path("stock/warehouses/new/", "warehouse-new"),
    *stock.GarageLevel.urls("stock/<uuid:id>/", "stock-level"),
]
urlpatterns_distributor = [
    stock.DistributorStock.path("stock/", "stock"),
    stock.DistributorReceive.path("stock/receive/", "stock-receive"),
    ledger.DistributorMovements.path("stock/movements/", "movements"),
    shared.DistributorSharedStock.path("stock/branches/", "stock-branches"),
    warehouses.DistributorWarehouses.path("stock/warehouses/", "warehouses"),
    warehouses.DistributorNewWarehouse.path("stock/warehouses/new/", "warehouse-new"),
    *stock.DistributorLevel.urls("stock/<uuid:id>/", "stock-level"),
]
