"""Who may do what with an order, on which side.

order.view, order.place, order.receive (buyer); order.confirm, order.ship (seller); order.cancel (either).
"""

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.errors import NotAllowed, NotFound
from apps.engines.orders.models import Order
from apps.engines.orders.states import BUYER, SELLER, sides_of


def access_order(actor: Actor, order_id: object) -> Order:
    """An order that exists for the actor on either side; raises NotFound."""
    order: Order = get_visible(Order.objects.all(), actor, order_id)
    return order


def check_side(actor: Actor, order: Order, *sides: str) -> None:
    """Raises NotFound for a stranger (also of another branch) and NotAllowed on the wrong side of the order."""
    reachable = {
        side
        for side in sides_of(order, actor)
        if actor.reaches_branch(order.seller_branch_id if side == SELLER else order.buyer_branch_id)
    }
    if not reachable:
        raise NotFound
    if not reachable & set(sides):
        raise NotAllowed


def check_may_cancel(actor: Actor, order: Order) -> None:
    """Either side with `order.cancel`; who placed for the buyer also while the seller has not confirmed yet."""
    check_side(actor, order, SELLER, BUYER)
    is_open_for_buyer = order.state == Order.State.PENDING and BUYER in sides_of(order, actor)
    if is_open_for_buyer and actor.can("order.place"):
        return
    actor.require("order.cancel")
