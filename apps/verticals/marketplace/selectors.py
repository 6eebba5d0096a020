"""Orders between companies as the two portals read them."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import now
from apps.engines.orders import selectors as orders
from apps.engines.orders.models import Order

S = Order.State
RECENT = timedelta(days=14)
OPEN_FOR_SELLER = (S.PENDING, S.CONFIRMED, S.PROCESSING, S.READY)


def list_sales(actor: Actor) -> QuerySet[Order]:
    """What other companies have ordered from the actor's."""
    return orders.list_sales(actor).filter(channel=Order.Channel.MARKETPLACE)


def list_board_sales(actor: Actor) -> QuerySet[Order]:
    """Orders that a board shows: all open ones, and what was delivered lately."""
    return list_sales(actor).exclude(Q(state=S.DELIVERED) & Q(updated_at__lt=now() - RECENT))


def list_purchases(actor: Actor) -> QuerySet[Order]:
    """What the actor's company has ordered from distributors."""
    return orders.list_purchases(actor).filter(channel=Order.Channel.MARKETPLACE)
