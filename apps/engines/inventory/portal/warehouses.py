"""The places that keep stock."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.columns import Column
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.engines.inventory.models import Warehouse
from apps.engines.inventory.portal.forms import WarehouseForm
from apps.engines.inventory.selectors import list_warehouses
from apps.engines.inventory.services import create_warehouse

MONEY = DecimalField(max_digits=18, decimal_places=2)


def with_figures(actor: Actor) -> "QuerySet[Warehouse]":
    """Warehouses with the number of articles that they hold and what these cost."""
    worth = ExpressionWrapper(F("levels__on_hand") * F("levels__average_cost"), output_field=MONEY)
    return list_warehouses(actor).annotate(
        articles=Count("levels", filter=Q(levels__on_hand__gt=0)), worth=Coalesce(Sum(worth), 0, output_field=MONEY)
    )


class WarehouseList(ListScreen):
    """Each portal has its own subclass. A row leads to the stock in it."""

    permission = "inventory.view"
    title = _("Warehouses")
    selector = staticmethod(with_figures)
    columns = (
        Column("name", _("Name"), sub="code", sort="name"),
        Column("branch", _("Branch"), value="branch.name", sort="branch__name"),
        Column("kind", _("Kind"), kind="choice", sort="kind"),
        Column("address", _("Address")),
        Column("articles", _("Articles"), kind="number", sort="articles"),
        Column("worth", _("Value"), kind="money", sort="worth", permission="inventory.see_cost"),
        Column("is_active", _("Open"), kind="bool", is_default=False),
    )
    search = ("name", "code", "address")
    default_sort = "name"
    opens = "page"
    empty = Empty(_("No warehouses yet"), _("Stock lies in warehouses: create the first one."), "warehouse")


class NewWarehouse(FormScreen):
    """Each portal has its own subclass."""

    permission = "settings.edit"
    title = _("New warehouse")
    form_class = WarehouseForm
    done = _("Warehouse created.")

    def save(self, data: Mapping[str, Any]) -> Warehouse:
        values = dict(data)
        branch = values.pop("branch")
        return create_warehouse(self.actor, branch_id=UUID(branch) if branch else None, **values)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:warehouses")


class GarageWarehouses(WarehouseList):
    portal = "garage"
    primary = Button(_("New warehouse"), "garage:warehouse-new", permission="settings.edit", opens="drawer")
    row_url = staticmethod(lambda row: f"{reverse('garage:stock')}?warehouse={row.pk}")


class GarageNewWarehouse(NewWarehouse):
    portal = "garage"


class DistributorWarehouses(WarehouseList):
    portal = "distributor"
    primary = Button(_("New warehouse"), "distributor:warehouse-new", permission="settings.edit", opens="drawer")
    row_url = staticmethod(lambda row: f"{reverse('distributor:stock')}?warehouse={row.pk}")


class DistributorNewWarehouse(NewWarehouse):
    portal = "distributor"
