"""What happens to an order; both sides' boards live on the same topics."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """`subject_id` is the order; `organization_id` and `branch_id` are the seller's."""

    number: str
    channel: str
    state: str
    seller_id: UUID
    buyer_organization_id: UUID | None = None
    buyer_branch_id: UUID | None = None
    source_type: str = ""
    source_id: UUID | None = None

    def topics(self) -> list[str]:
        buyer = [f"orders:{self.buyer_organization_id}"] if self.buyer_organization_id else []
        return [f"order:{self.subject_id}", f"orders:{self.seller_id}", *buyer]


@declare
@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderEvent):
    name: ClassVar[str] = "order.placed"


@declare
@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(OrderEvent):
    """`reduced` names lines whose quantity the seller cut: {line_id, from, to, source_type, source_id}."""

    name: ClassVar[str] = "order.confirmed"

    reduced: list[dict[str, Any]] = field(default_factory=list)


@declare
@dataclass(frozen=True, kw_only=True)
class OrderMoved(OrderEvent):
    """Any other step (picking, ready, completed); `old_state` is where it came from."""

    name: ClassVar[str] = "order.moved"

    old_state: str


@declare
@dataclass(frozen=True, kw_only=True)
class OrderShipped(OrderEvent):
    """A shipment left; `is_complete` when nothing more is to follow."""

    name: ClassVar[str] = "order.shipped"

    shipment_id: UUID
    shipment_number: str
    is_complete: bool


@declare
@dataclass(frozen=True, kw_only=True)
class OrderReceived(OrderEvent):
    """The buyer took goods in.

    `lines` holds {line_id, variant_id (the buyer's own), warehouse_id, quantity, source_type, source_id} as text.
    """

    name: ClassVar[str] = "order.received"

    lines: list[dict[str, Any]]
    is_complete: bool


@declare
@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """`lines` holds {line_id, quantity, source_type, source_id} as text: whoever waits for them waits no more."""

    name: ClassVar[str] = "order.cancelled"

    reason: str
    lines: list[dict[str, Any]] = field(default_factory=list)
