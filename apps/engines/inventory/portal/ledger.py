"""The stock ledger: every movement, newest first."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.portal.columns import Column
from apps.core.portal.filters import ChoiceFilter, DateRangeFilter, ForeignFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.portal.queries import list_live_topics, list_warehouse_choices, movements_of, search_stock

PLACE = pgettext_lazy("place", "Warehouse")


class MovementList(ListScreen):
    """What came, what went, why, and what was left. Each portal has its own subclass."""

    permission = "inventory.view"
    title = _("Stock movements")
    selector = staticmethod(movements_of)
    columns = (
        Column("article", _("Article"), value="variant.product.name", sub="variant.sku", sort="variant__product__name"),
        Column("at", _("When"), value="effective_at", kind="datetime", sort="effective_at", css="whitespace-nowrap"),
        Column("kind", _("Kind"), kind="choice", sort="kind", css="whitespace-nowrap"),
        Column("warehouse", PLACE, value="warehouse.name", sort="warehouse__name", css="whitespace-nowrap"),
        Column("quantity", _("Quantity"), template="inventory/cell_signed.html", sort="quantity", css="cell-num"),
        Column("balance", _("Stock after"), value="balance_after", kind="quantity"),
        Column("unit_cost", _("Unit cost"), kind="money", permission="inventory.see_cost", is_default=False),
        Column("value", _("Value"), kind="money", permission="inventory.see_cost", sort="value"),
        Column("source", _("Document"), value="source_label", css="whitespace-nowrap"),
        Column("reason", _("Reason")),
        Column("made_by", _("Made by"), value="made_by.full_name", is_default=False),
    )
    filters = (
        ForeignFilter("warehouse", PLACE, field="warehouse_id", choose=list_warehouse_choices),
        ChoiceFilter("kind", _("Kind"), choices=StockMovement.Kind.choices),
        DateRangeFilter("at", _("When"), field="effective_at"),
    )
    search = staticmethod(search_stock)
    search_placeholder = _("Article, SKU, barcode")
    scans = True
    default_sort = "-at"
    live_topics = staticmethod(list_live_topics)
    empty = Empty(_("No movements yet"), _("Every piece that comes or goes leaves a line here."), "arrow-left-right")


def link_level(portal: str) -> Any:
    return staticmethod(lambda row: reverse(f"{portal}:stock-level", args=[row.level_id]))


class GarageMovements(MovementList):
    portal = "garage"
    row_url = link_level("garage")


class DistributorMovements(MovementList):
    portal = "distributor"
    row_url = link_level("distributor")
