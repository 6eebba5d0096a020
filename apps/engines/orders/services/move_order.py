"""The seller's plain steps between confirming and shipping, and closing."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.engines.orders.events import OrderMoved
from apps.engines.orders.models import Order
from apps.engines.orders.services.lock_order import lock_order, publish_order
from apps.engines.orders.states import ORDER, SELLER
from apps.platform.audit import services as audit

PLAIN = frozenset({"take", "start_picking", "mark_ready", "complete"})


@transaction.atomic
def move_order(actor: Actor, order: Order, *, action: str, version: int | None = None) -> Order:
    """One of the plain steps `take`, `start_picking`, `mark_ready`, `complete`.

    Seller, with the step's right. Raises IllegalMove, StaleWrite, BadInput (a step that has a service of its own).
    """
    if action not in PLAIN:
        raise BadInput(field="action")
    actor.require(ORDER.steps[action].permission)
    order, _lines = lock_order(actor, order, SELLER, version=version)
    old = ORDER.move(order, action)
    order.save_changes("state")
    audit.record(actor, f"order.{action}", order, is_public=True)
    publish_order(actor, OrderMoved, order, old_state=old)
    return order


def take_order(actor: Actor, order: Order, *, version: int | None = None) -> Order:
    """Starts a sale over the counter."""
    return move_order(actor, order, action="take", version=version)


def start_picking(actor: Actor, order: Order, *, version: int | None = None) -> Order:
    return move_order(actor, order, action="start_picking", version=version)


def mark_ready(actor: Actor, order: Order, *, version: int | None = None) -> Order:
    return move_order(actor, order, action="mark_ready", version=version)


def complete_order(actor: Actor, order: Order, *, version: int | None = None) -> Order:
    return move_order(actor, order, action="complete", version=version)
