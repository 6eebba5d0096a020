"""Orders as both sides see them."""

from django.db.models import Prefetch, QuerySet

from apps.core.actor import Actor
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.offers import Offer, best_offer, list_offers

__all__ = ["Offer", "best_offer", "list_offers", "list_orders", "list_purchases", "list_sales"]


def list_orders(actor: Actor) -> QuerySet[Order]:
    """Every order that exists for the actor, sold or bought."""
    return _loaded(Order.objects.visible_to(actor))


def list_sales(actor: Actor) -> QuerySet[Order]:
    """Orders that the actor's company sells."""
    return _loaded(Order.objects.sold_by(actor))


def list_purchases(actor: Actor) -> QuerySet[Order]:
    """Orders that the actor's company has placed elsewhere."""
    return _loaded(Order.objects.bought_by(actor))


def _loaded(orders: QuerySet[Order]) -> QuerySet[Order]:
    lines = OrderLine.objects.select_related("variant__product", "warehouse").order_by("position")
    return orders.select_related(
        "seller", "seller_branch", "buyer_organization", "buyer_branch", "customer", "placed_by"
    ).prefetch_related(Prefetch("lines", queryset=lines))
