"""What other systems may be told of orders: the seller's and the buyer's, each as their own side.

What the order was placed for (`source`) is the buyer's own business and is told to neither.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.engines.orders.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderEvent,
    OrderMoved,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from apps.platform.webhooks.registry import offer

_FIELDS = [
    ("orderId", "subject_id", "the order"),
    ("number", "number", "its number"),
    ("channel", "channel", "how it was placed"),
    ("state", "state", "where it stands now"),
    ("sellerId", "seller_id", "the company that sells"),
    ("buyerOrganizationId", "buyer_organization_id", "the company that buys, if it is one"),
]


def _sides(event: OrderEvent) -> Mapping[str, UUID | None]:
    return {"seller": event.seller_id, "buyer": event.buyer_organization_id}


def _offer(event_class: type[OrderEvent], label: Any, *more: tuple[str, str, str]) -> None:
    offer(event_class, label=label, permission="order.view", fields=[*_FIELDS, *more], sides=_sides)


_IS_COMPLETE = ("isComplete", "is_complete", "whether nothing more is to follow")

_offer(OrderPlaced, _("Order placed"))
_offer(OrderConfirmed, _("Order confirmed"))
_offer(OrderMoved, _("Order went on"), ("oldState", "old_state", "where it stood before"))
_offer(
    OrderShipped,
    _("Order shipped"),
    ("shipmentId", "shipment_id", "the shipment"),
    ("shipmentNumber", "shipment_number", "its number"),
    _IS_COMPLETE,
)
_offer(OrderReceived, _("Order received"), _IS_COMPLETE)
_offer(OrderCancelled, _("Order cancelled"))
