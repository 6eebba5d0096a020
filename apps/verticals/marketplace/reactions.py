"""Whom the marketplace tells after commit: the people of the other side who act next."""

from collections.abc import Iterable

from apps.core.money import format_money
from apps.engines.orders.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderEvent,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from apps.engines.orders.models import Order
from apps.platform.accounts.models import User
from apps.platform.events.registry import reacts
from apps.platform.notifications.services import notify_users
from apps.platform.organizations.selectors import users_with_permission


@reacts(OrderPlaced, name="marketplace.tell_seller_placed")
def tell_seller_placed(event: OrderPlaced) -> None:
    _tell_seller("order.placed", event, "order.confirm")


@reacts(OrderConfirmed, name="marketplace.tell_buyer_confirmed")
def tell_buyer_confirmed(event: OrderConfirmed) -> None:
    _tell_buyer("order.confirmed", event, "order.place", is_reduced=bool(event.reduced))


@reacts(OrderShipped, name="marketplace.tell_buyer_shipped")
def tell_buyer_shipped(event: OrderShipped) -> None:
    _tell_buyer("order.shipped", event, "order.receive", shipment=event.shipment_number)


@reacts(OrderReceived, name="marketplace.tell_seller_received")
def tell_seller_received(event: OrderReceived) -> None:
    _tell_seller("order.received", event, "order.confirm", is_complete=event.is_complete)


@reacts(OrderCancelled, name="marketplace.tell_both_cancelled")
def tell_both_cancelled(event: OrderCancelled) -> None:
    _tell_seller("order.cancelled", event, "order.confirm", reason=event.reason)
    _tell_buyer("order.cancelled", event, "order.place", reason=event.reason)


def _tell_seller(kind: str, event: OrderEvent, permission: str, **values: str | bool) -> None:
    order = _order(event)
    if order is None or order.buyer_organization is None:
        return
    people = users_with_permission(order.seller_id, permission, branch_id=order.seller_branch_id)
    _tell(kind, event, order, people, company=order.buyer_organization.name, portal="distributor", **values)


def _tell_buyer(kind: str, event: OrderEvent, permission: str, **values: str | bool) -> None:
    order = _order(event)
    if order is None or order.buyer_organization_id is None:
        return
    people = users_with_permission(order.buyer_organization_id, permission, branch_id=order.buyer_branch_id)
    _tell(kind, event, order, people, company=order.seller.name, portal="garage", **values)


def _tell(
    kind: str, event: OrderEvent, order: Order, people: Iterable[User], *, portal: str, **values: str | bool
) -> None:
    organization_id = order.seller_id if portal == "distributor" else order.buyer_organization_id
    notify_users(
        kind,
        people,
        organization_id=organization_id,
        context={"number": order.number, "total": format_money(order.total, order.currency), **values},
        dedupe=f"{event.name}:{portal}:{order.pk}:{order.version}",
        url=f"/{portal}/orders/{order.pk}/",
    )


def _order(event: OrderEvent) -> Order | None:
    """The order; None when it is not one between two companies."""
    rows = Order.objects.select_related("seller", "buyer_organization")
    return rows.filter(pk=event.subject_id, channel=Order.Channel.MARKETPLACE).first()
