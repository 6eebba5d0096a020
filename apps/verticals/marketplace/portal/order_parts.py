"""The parts of an order's page, for the seller and for the buyer. Neither is given what belongs to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.actor import Actor
from apps.core.money import total
from apps.core.portal.links import find_url
from apps.engines.inventory.selectors import availability, list_levels
from apps.engines.orders.models import Order, OrderLine
from apps.engines.shipping.selectors import list_shipments
from apps.verticals.marketplace.portal.glance import due_of, way_of

S = Order.State


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as the seller sees it; `free` is what its warehouse has beside what is promised."""

    line: OrderLine
    free: Decimal | None
    left: Decimal


def build_way(_actor: Actor, order: Order) -> dict[str, Any]:
    """The steps of the order and when it is expected."""
    return {"steps": way_of(order), "due": due_of(order)}


def build_sold_lines(actor: Actor, order: Order) -> dict[str, Any]:
    """The lines with what the seller's warehouses hold."""
    lines = list(order.lines.all())
    places = {line.warehouse_id for line in lines if line.warehouse_id}
    free = availability([line.variant_id for line in lines], places) if actor.can("inventory.view") else {}
    rows = [SoldLine(line, _free(free, line), line.quantity - line.shipped) for line in lines]
    return {"rows": rows, "sees_stock": actor.can("inventory.view"), "has_shipped": any(line.shipped for line in lines)}


def build_bought_lines(_actor: Actor, order: Order) -> dict[str, Any]:
    """The lines with what is on its way and what has arrived."""
    lines = list(order.lines.all())
    return {
        "rows": [(line, line.shipped - line.received) for line in lines],
        "has_shipped": any(line.shipped for line in lines),
    }


def build_shipments(actor: Actor, order: Order) -> dict[str, Any]:
    return {"shipments": list(list_shipments(actor, order).prefetch_related("lines__order_line"))}


def build_sale_money(actor: Actor, order: Order) -> dict[str, Any]:
    """The sums of the order; cost and margin for those who may see them."""
    if not actor.can("inventory.see_cost"):
        return {}
    lines = list(order.lines.all())
    costs = _costs(actor, [line for line in lines if not line.shipped])
    cost = total(line.quantity * (line.cost if line.shipped else costs.get(_key(line), Decimal(0))) for line in lines)
    net = order.subtotal - order.discount_total
    margin = net - cost
    percent = margin * 100 / net if net else Decimal(0)
    return {"cost": cost, "margin": margin, "percent": round(percent, 1), "net": net}


def build_purchase_facts(_actor: Actor, order: Order) -> dict[str, Any]:
    """For what the goods are, and where it is shown."""
    is_visit = order.source_type == "workshop.jobcard" and order.source_id
    return {"source_url": find_url("garage:job-card", order.source_id) if is_visit else ""}


def _free(free: dict[Any, Decimal], line: OrderLine) -> Decimal | None:
    return free.get((line.variant_id, line.warehouse_id), Decimal(0)) if line.warehouse_id else None


def _key(line: OrderLine) -> tuple[Any, Any]:
    return (line.variant_id, line.warehouse_id)


def _costs(actor: Actor, lines: Sequence[OrderLine]) -> dict[tuple[Any, Any], Decimal]:
    """What the goods that have not left yet cost now."""
    if not lines:
        return {}
    levels = list_levels(actor).filter(variant__in=[line.variant_id for line in lines])
    return {(level.variant_id, level.warehouse_id): level.average_cost for level in levels}
