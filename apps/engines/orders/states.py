"""The one table of an order's steps; each channel uses its own subset, each side sees its own buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import IllegalMove
from apps.core.states import StateTable, Step
from apps.engines.orders.models import Order

S = Order.State
C = Order.Channel
SELLER, BUYER = "seller", "buyer"


@dataclass(frozen=True)
class OrderTable(StateTable):
    """A state table that also asks for the channel and, for buttons, for the side."""

    channels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sides: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def allowed(self, instance: Model) -> list[str]:
        of_channel = self.channels[instance.channel]  # type: ignore[attr-defined]
        return [name for name in super().allowed(instance) if name in of_channel]

    def available(self, instance: Model, actor: Actor) -> list[tuple[str, Step]]:
        sides = sides_of(instance, actor)
        return [(name, step) for name, step in super().available(instance, actor) if sides & self.sides[name]]

    def check(self, instance: Model, action: str) -> Step:
        if action not in self.allowed(instance):
            allowed = self.allowed(instance)
            labels = [self.steps[name].label for name in allowed]
            raise IllegalMove(action=action, state=getattr(instance, self.field), allowed=allowed, labels=labels)
        return self.steps[action]


def sides_of(order: Model, actor: Actor) -> frozenset[str]:
    """On which side of the order the actor's company stands."""
    sides = {SELLER: order.seller_id, BUYER: order.buyer_organization_id}  # type: ignore[attr-defined]
    return frozenset(name for name, company in sides.items() if company and company == actor.organization_id)


STEPS = {
    "place": Step({S.DRAFT}, S.PENDING, _("Place"), permission="order.place", is_manual=False),
    "confirm": Step({S.PENDING}, S.CONFIRMED, _("Confirm"), permission="order.confirm"),
    "take": Step({S.PENDING}, S.PROCESSING, _("Start"), permission="order.confirm"),
    "start_picking": Step({S.CONFIRMED}, S.PROCESSING, _("Start picking"), permission="order.ship"),
    "mark_ready": Step({S.PROCESSING}, S.READY, _("Ready to ship"), permission="order.ship"),
    "ship": Step({S.READY}, S.SHIPPED, _("Ship"), permission="order.ship"),
    "hand_over": Step({S.READY}, S.DELIVERED, _("Hand over"), permission="order.ship"),
    "receive": Step({S.READY, S.SHIPPED}, S.DELIVERED, _("Receive"), permission="order.receive"),
    "complete": Step({S.DELIVERED}, S.COMPLETED, _("Complete"), permission="order.confirm", tone="neutral"),
    "cancel": Step(
        {S.DRAFT, S.PENDING, S.CONFIRMED, S.PROCESSING, S.READY},
        S.CANCELLED,
        _("Cancel"),
        permission="order.cancel",
        tone="danger",
    ),
}
DELIVERED_GOODS = frozenset(
    {"place", "confirm", "start_picking", "mark_ready", "ship", "receive", "complete", "cancel"}
)
OVER_THE_COUNTER = frozenset({"place", "take", "mark_ready", "hand_over", "complete", "cancel"})

ORDER = OrderTable(
    "state",
    S,
    STEPS,
    tones={
        S.DRAFT: "neutral",
        S.PENDING: "attention",
        S.CONFIRMED: "info",
        S.PROCESSING: "progress",
        S.READY: "progress",
        S.SHIPPED: "info",
        S.DELIVERED: "done",
        S.COMPLETED: "done",
        S.CANCELLED: "danger",
        S.RETURNED: "danger",
    },
    channels={
        C.MARKETPLACE: DELIVERED_GOODS,
        C.STORE: DELIVERED_GOODS,
        C.COUNTER: OVER_THE_COUNTER,
        C.SMART_CART: OVER_THE_COUNTER,
    },
    sides={name: frozenset({SELLER}) for name in STEPS}
    | {"receive": frozenset({BUYER}), "place": frozenset({BUYER, SELLER}), "cancel": frozenset({BUYER, SELLER})},
)
