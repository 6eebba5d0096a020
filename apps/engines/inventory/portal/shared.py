"""The stock of all branches that a branch may look into, to read only."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import Column
from apps.core.portal.filters import BoolFilter, ForeignFilter
from apps.core.portal.parts import Button, Empty
from apps.engines.inventory.portal.queries import is_out, shared_stock_of
from apps.engines.inventory.portal.stock import PLACE, StockList
from apps.platform.organizations.models import Branch


def choose_branch(actor: Actor) -> list[tuple[Any, str]]:
    """All open branches of the company."""
    return list(Branch.objects.visible_to(actor).filter(is_active=True).values_list("pk", "name"))


class SharedStock(StockList):
    """Each portal has its own subclass. Only rows of one's own branches lead further."""

    title = _("Stock of all branches")
    selector = staticmethod(shared_stock_of)
    columns = (
        *StockList.columns[:3],
        Column("branch", _("Branch"), value="warehouse.branch.name", sort="warehouse__branch__name"),
        Column("warehouse", PLACE, value="warehouse.name", sort="warehouse__name"),
        Column("on_hand", _("On hand"), kind="quantity", sort="on_hand"),
        Column(
            "free", _("Available"), value="available", template="inventory/cell_free.html", sort="free", css="cell-num"
        ),
        Column(
            "cost",
            _("Average cost"),
            value=lambda row: row.seen_cost,
            kind="text",
            permission="inventory.see_cost",
            is_default=False,
        ),
    )
    filters = (
        ForeignFilter("branch", _("Branch"), field="warehouse__branch", choose=choose_branch),
        BoolFilter("out", _("Out of stock"), only=is_out),
    )
    live_topics = None
    empty = Empty(_("No stock yet"), _("What other branches have is shown here when the company shares it."), "boxes")

    def link(self, row: Any) -> str:
        is_own = self.actor.reaches_branch(row.warehouse.branch_id)
        return reverse(f"{self.portal}:stock-level", args=[row.pk]) if is_own else ""


class GarageSharedStock(SharedStock):
    portal = "garage"
    primary = None
    buttons = (Button(_("Own stock"), "garage:stock", icon="boxes", variant="secondary"),)


class DistributorSharedStock(SharedStock):
    portal = "distributor"
    primary = None
    buttons = (Button(_("Own stock"), "distributor:stock", icon="boxes", variant="secondary"),)
