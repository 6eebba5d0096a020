"""Who is told when stock runs low."""

from apps.engines.inventory.events import StockLow
from apps.engines.inventory.models import StockLevel, Warehouse
from apps.platform.events.base import Origin
from apps.platform.events.registry import reacts_with_origin
from apps.platform.notifications.services import notify_users
from apps.platform.organizations.models import Organization
from apps.platform.organizations.selectors import users_with_permission

# Longer lists end with how many more there are.
_MOST_LINES = 20


@reacts_with_origin(StockLow, name="inventory.tell_keepers")
def tell_keepers(event: StockLow, origin: Origin) -> None:
    """Those who take goods in, in the branch of the warehouse."""
    warehouse = Warehouse.objects.select_related("organization").get(pk=event.subject_id)
    levels = list(_levels_of(event))
    if not levels:
        return
    people = users_with_permission(warehouse.organization_id, "inventory.receive", branch_id=warehouse.branch_id)
    portal = "garage" if Organization.Kind.GARAGE in warehouse.organization.kinds else "distributor"
    notify_users(
        "stock.low",
        people,
        organization_id=warehouse.organization_id,
        context={
            "warehouse": warehouse.name,
            "first": str(levels[0].variant.product),
            "count": len(levels),
            "others": len(levels) - 1,
            "items": "\n".join(_line(level) for level in levels[:_MOST_LINES]),
            "more": max(len(levels) - _MOST_LINES, 0),
        },
        dedupe=f"stock-low:{origin.uid}",
        url=f"/{portal}/stock/",
    )


def _levels_of(event: StockLow) -> "list[StockLevel]":
    rows = StockLevel.objects.filter(
        warehouse_id=event.subject_id, variant_id__in=event.variant_ids, condition=StockLevel.Condition.SELLABLE
    )
    return list(rows.select_related("variant__product").order_by("variant__product__name", "variant__sku"))


def _line(level: StockLevel) -> str:
    return f"- {level.variant.product} ({level.variant.sku}): {_plain(level)}"


def _plain(level: StockLevel) -> str:
    return f"{level.available.normalize():f} / {level.reorder_point.normalize():f}"
