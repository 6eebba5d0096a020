"""Shipments as both sides see them."""

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.engines.orders.models import Order
from apps.engines.shipping.models import Shipment


def list_shipments(actor: Actor, order: Order | None = None) -> QuerySet[Shipment]:
    """Shipments of orders that exist for the actor, newest first; of one order when given."""
    rows = Shipment.objects.visible_to(actor).select_related("order", "shipped_by")
    rows = rows.prefetch_related("lines__order_line")
    return rows.filter(order=order) if order is not None else rows
