"""Warehouses can be opened to keepers of other branches."""

from uuid import UUID

from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.engines.inventory.models import Warehouse
from apps.platform.organizations.grants import register_grantable


def choose(actor: Actor) -> list[tuple[UUID, str]]:
    """The open warehouses that exist for the actor."""
    rows = Warehouse.objects.visible_to(actor).filter(is_active=True).order_by("name")
    return list(rows.values_list("pk", "name"))


register_grantable(Warehouse, "inventory.view", label=pgettext_lazy("place", "Warehouse"), choices=choose)
