"""Who is told of an order."""

import pytest

from apps.engines.orders.services import cancel_order, confirm_order, receive_order
from apps.engines.shipping.services import ship_order
from apps.platform.events.models import OutboxEvent
from apps.platform.events.services import rebuild
from apps.platform.notifications.models import Notification
from apps.verticals.marketplace import reactions
from tests.factories.actors import actor_for
from tests.factories.orders import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def told(name, reaction):
    """Lets the reaction see the event twice, as a worker that died in between would, and says who was told what."""
    event = rebuild(OutboxEvent.objects.get(name=name))
    for _ in range(2):
        reaction(event)
    return {(row.user_id, row.title) for row in Notification.objects.all()}


def test_seller_of_a_new_order(market):
    actor_for("warehouse", market.distributor)
    order = market.place()

    assert told("order.placed", reactions.tell_seller_placed) == {
        (market.seller.user_id, f"Đơn hàng mới {order.number} từ {market.garage.name}")
    }


def test_buyer_of_each_step(market):
    order = market.ready()
    ship_order(market.seller, order)

    assert told("order.confirmed", reactions.tell_buyer_confirmed) == {
        (market.buyer.user_id, f"{market.distributor.name} đã xác nhận đơn {order.number}")
    }
    assert (market.buyer.user_id, f"Đơn {order.number} đang được giao") in told(
        "order.shipped", reactions.tell_buyer_shipped
    )
    receive_order(market.buyer, order)
    assert (market.seller.user_id, f"{market.garage.name} đã nhận hàng đơn {order.number}") in told(
        "order.received", reactions.tell_seller_received
    )


def test_both_of_a_cancelled_one(market):
    order = cancel_order(market.seller, market.place(), reason="Hết hàng")

    assert told("order.cancelled", reactions.tell_both_cancelled) == {
        (actor.user_id, f"Đơn {order.number} đã hủy") for actor in (market.buyer, market.seller)
    }


def test_people_of_the_buying_branch_only(market):
    near, far = actor_for("manager", branch=market.branch), actor_for("manager")
    confirm_order(market.seller, market.place())

    users = {user for user, _title in told("order.confirmed", reactions.tell_buyer_confirmed)}

    assert users == {market.buyer.user_id, near.user_id}
    assert far.user_id not in users
