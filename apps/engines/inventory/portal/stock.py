"""Stock: the list by warehouse, one level with its ledger, and goods that come in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.core.ids import uuid7
from apps.core.money import format_money, total
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import BoolFilter, ForeignFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.listing_page import Line
from apps.core.portal.parts import Button, Empty
from apps.engines.inventory import services
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.portal.forms import CountForm, IncomingForm, LimitsForm, ReceiveForm, ReceiveLineForm
from apps.engines.inventory.portal.queries import (
    add_pictures,
    is_low,
    is_out,
    label_of,
    list_live_topics,
    list_warehouse_choices,
    search_stock,
    stock_of,
)
from apps.engines.inventory.selectors import list_movements

PLACE = pgettext_lazy("place", "Warehouse")


class StockList(ListScreen):
    """What lies where. Each portal has its own subclass."""

    permission = "inventory.view"
    title = _("Stock")
    selector = staticmethod(stock_of)
    columns = (
        Column(
            "name",
            _("Article"),
            value="variant.product.name",
            template="inventory/cell_article.html",
            sort=("variant__product__name", "variant__sku"),
        ),
        Column("sku", _("SKU"), value="variant.sku", sort="variant__sku", is_default=False),
        Column("brand", _("Brand"), value="variant.product.brand.name", is_default=False),
        Column("warehouse", PLACE, value="warehouse.name", sort="warehouse__name"),
        Column("on_hand", _("On hand"), kind="quantity", sort="on_hand"),
        Column("reserved", _("Reserved"), kind="quantity", sort="reserved"),
        Column(
            "free", _("Available"), value="available", template="inventory/cell_free.html", sort="free", css="cell-num"
        ),
        Column("reorder_point", _("Order again at"), kind="quantity", sort="reorder_point"),
        Column("cost", _("Average cost"), value="average_cost", kind="money", permission="inventory.see_cost"),
        Column(
            "value",
            _("Value"),
            value=lambda row: round(row.on_hand * row.average_cost),
            kind="money",
            permission="inventory.see_cost",
            is_default=False,
        ),
    )
    filters = (
        ForeignFilter("warehouse", PLACE, field="warehouse_id", choose=list_warehouse_choices),
        BoolFilter("low", _("Running low"), only=is_low),
        BoolFilter("out", _("Out of stock"), only=is_out),
    )
    search = staticmethod(search_stock)
    search_placeholder = _("Article, SKU, barcode")
    scans = True
    default_sort = "name"
    live_topics = staticmethod(list_live_topics)
    empty = Empty(_("No stock yet"), _("Receive goods, or order them on the marketplace."), "boxes")

    def lines(self, rows: Sequence[Any]) -> list[Line]:
        add_pictures(list(rows))
        for row in rows:
            row.label = label_of(row)
        return super().lines(rows)


def count_stock(actor: Actor, level: StockLevel, *, on_hand: Decimal, reason: str, version: int | None) -> StockLevel:
    """Corrects the level to what was counted."""
    return services.change_level(actor, level, on_hand=on_hand, reason=reason, version=version)


def receive_level(
    actor: Actor, level: StockLevel, *, quantity: Decimal, unit_cost: Decimal, reference: str
) -> StockMovement:
    """Goods of this article come into this warehouse."""
    return services.receive_stock(
        actor,
        variant_id=level.variant_id,
        warehouse_id=level.warehouse_id,
        quantity=quantity,
        unit_cost=unit_cost,
        source=services.Source("inventory.receipt", uuid7(), reference),
    )


def build_figures(actor: Actor, level: StockLevel) -> dict[str, Any]:
    """The figures of the level; its worth for those who may see costs."""
    add_pictures([level])
    worth = round(level.on_hand * level.average_cost)
    return {"level": level, "label": label_of(level), "worth": worth, "sees_cost": actor.can("inventory.see_cost")}


def build_ledger(actor: Actor, level: StockLevel) -> dict[str, Any]:
    """The newest lines of the ledger of this level."""
    rows = list_movements(actor).filter(level=level).order_by("-sequence")[:30]
    return {"movements": list(rows), "sees_cost": actor.can("inventory.see_cost")}


class StockDetail(DetailScreen):
    """One article in one warehouse. Each portal has its own subclass."""

    permission = "inventory.view"
    selector = staticmethod(stock_of)
    fragments = (
        Fragment("figures", "inventory/figures.html", build_figures),
        Fragment("ledger", "inventory/ledger.html", build_ledger),
    )
    actions = {
        "receive": ActionHandler(
            receive_level,
            form=IncomingForm,
            label=_("Receive goods"),
            icon="package-plus",
            variant="primary",
            permission="inventory.receive",
            done=_("Received."),
        ),
        "count": ActionHandler(
            count_stock,
            form=CountForm,
            label=_("Correct the stock"),
            icon="clipboard-check",
            permission="inventory.adjust",
            done=_("Corrected."),
        ),
        "limits": ActionHandler(
            services.change_level,
            form=LimitsForm,
            label=_("Limits"),
            icon="sliders-horizontal",
            permission="inventory.adjust",
            done=_("Saved."),
        ),
    }
    has_timeline = False
    list_label = _("Stock")

    def get_title(self) -> str:
        return str(self.instance.variant.product.name)

    def get_subtitle(self) -> str:
        return f"{self.instance.variant.sku} · {self.instance.warehouse.name}"

    def topics_of(self, patterns: Sequence[str]) -> list[str]:
        branch = self.instance.warehouse.branch_id
        return [f"inventory:{branch}"] if branch else []


class ReceiveStock(FormScreen):
    """Goods bought elsewhere come in, several articles on one delivery note. Each portal has its own subclass."""

    permission = "inventory.receive"
    title = _("Receive goods")
    form_class = ReceiveForm
    lines_form = ReceiveLineForm
    min_lines = 1
    submit_label = _("Receive")
    done = _("Received.")

    def calculate(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        value = total(row["quantity"] * row["unit_cost"] for row in lines)
        return {_("Value"): format_money(value)} if lines else {}

    def save(self, data: Mapping[str, Any]) -> Any:
        return receive_goods(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:stock")


@transaction.atomic
def receive_goods(
    actor: Actor, *, warehouse: str, reference: str, lines: Sequence[Mapping[str, Any]]
) -> list[StockMovement]:
    """All lines or none."""
    if not lines:
        raise BadInput(_("Please enter at least one article."))
    source = services.Source("inventory.receipt", uuid7(), reference)
    return [
        services.receive_stock(
            actor,
            variant_id=line["sku"].pk,
            warehouse_id=UUID(warehouse),
            quantity=line["quantity"],
            unit_cost=line["unit_cost"],
            source=source,
        )
        for line in lines
    ]


RECEIVE = {
    portal: Button(_("Receive goods"), f"{portal}:stock-receive", "package-plus", "inventory.receive")
    for portal in ("garage", "distributor")
}


ALL_BRANCHES = {
    portal: Button(_("All branches"), f"{portal}:stock-branches", "building-2", "inventory.view", "secondary")
    for portal in ("garage", "distributor")
}


class GarageStock(StockList):
    portal, primary = "garage", RECEIVE["garage"]
    buttons = (ALL_BRANCHES["garage"],)
    row_url = staticmethod(lambda row: reverse("garage:stock-level", args=[row.pk]))


class GarageLevel(StockDetail):
    portal, list_url_name = "garage", "garage:stock"


class GarageReceive(ReceiveStock):
    portal, cancel_url_name = "garage", "garage:stock"


class DistributorStock(StockList):
    portal, primary = "distributor", RECEIVE["distributor"]
    buttons = (ALL_BRANCHES["distributor"],)
    row_url = staticmethod(lambda row: reverse("distributor:stock-level", args=[row.pk]))


class DistributorLevel(StockDetail):
    portal, list_url_name = "distributor", "distributor:stock"


class DistributorReceive(ReceiveStock):
    portal, cancel_url_name = "distributor", "distributor:stock"
