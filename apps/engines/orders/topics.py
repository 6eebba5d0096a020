"""The live topics of one order and of a company's boards."""

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.engines.orders.models import Order
from apps.platform.realtime.registry import register_topic


def _may_follow_order(actor: Actor, order_id: str) -> bool:
    key = parse_id(order_id)
    return bool(key and actor.can("order.view") and Order.objects.visible_to(actor).filter(pk=key).exists())


def _may_follow_board(actor: Actor, organization_id: str) -> bool:
    return actor.can("order.view") and parse_id(organization_id) == actor.organization_id is not None


register_topic("order", _may_follow_order)
register_topic("orders", _may_follow_board)
