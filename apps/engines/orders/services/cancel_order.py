"""Nothing comes of it: all is given back."""

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.inventory.services import release_reservations
from apps.engines.orders.errors import AlreadyShipped, ReasonMissing
from apps.engines.orders.events import OrderCancelled
from apps.engines.orders.models import Order
from apps.engines.orders.permissions import check_may_cancel
from apps.engines.orders.registry import lock_sources
from apps.engines.orders.services.lock_order import lock_order, publish_order, source_of
from apps.engines.orders.states import BUYER, ORDER, SELLER
from apps.platform.audit import services as audit


@transaction.atomic
def cancel_order(actor: Actor, order: Order, *, reason: str, version: int | None = None) -> Order:
    """Cancels before anything has left and gives every reservation back.

    Either side with `order.cancel`; the buyer's `order.place` is enough until the seller confirms.
    Raises ReasonMissing, IllegalMove, AlreadyShipped, StaleWrite.
    """
    order, lines = lock_order(actor, order, SELLER, BUYER, version=version)
    check_may_cancel(actor, order)
    if not reason.strip():
        raise ReasonMissing
    ORDER.move(order, "cancel")
    if any(line.shipped for line in lines):
        raise AlreadyShipped
    lock_sources(lines)
    order.cancel_reason = reason.strip()[:200]
    release_reservations(actor, source=source_of(order))
    order.save_changes("state", "cancel_reason")
    audit.record(actor, "order.cancelled", order, data={"reason": order.cancel_reason}, is_public=True)
    rows = [
        {
            "line_id": str(line.pk),
            "quantity": str(line.quantity),
            "source_type": line.source_type,
            "source_id": str(line.source_id) if line.source_id else None,
        }
        for line in lines
    ]
    publish_order(actor, OrderCancelled, order, reason=order.cancel_reason, lines=rows)
    return order
