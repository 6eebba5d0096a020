"""Shipping follows what the buyer receives."""

from uuid import UUID

from apps.core.actor import Actor
from apps.engines.orders.events import OrderReceived
from apps.engines.shipping.services import record_receipt
from apps.platform.events.registry import listens


@listens(OrderReceived)
def follow_receipt(event: OrderReceived, actor: Actor) -> None:
    """What was received is counted on the order's shipments, oldest first; a whole one is delivered."""
    record_receipt(
        actor, order_id=event.subject_id, received={UUID(row["line_id"]): row["quantity"] for row in event.lines}
    )
