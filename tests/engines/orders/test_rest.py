"""/orders and the steps of an order, as both sides see them."""

import pytest

from apps.core.ids import uuid7
from apps.engines.inventory.models import StockLevel
from apps.engines.inventory.services import Source
from apps.engines.orders.models import Order
from apps.engines.orders.services import OrderLineInput
from tests.factories.orders import Market
from tests.factories.organizations import BranchFactory
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
API = "/api/v1"


class TestOrders(ApiKit):
    url = f"{API}/orders"
    right = "order.view"
    has_branches = True
    sorts = ("placedAt", "number", "total", "expectedOn", "state")
    filter_queries = (
        "filter[state][in]=pending,confirmed",
        "filter[channel]=marketplace",
        "filter[placedAt][gte]=2025-01-01",
        "filter[number][contains]=ORD",
        "side=seller",
        "side=buyer",
        "search=ORD",
    )
    market = None

    def order(self, organization_id, branch_id=None):
        TestOrders.market = market = TestOrders.market or Market()
        return Order.objects.create(
            number=f"ORD-{uuid7()}"[:32],
            channel="marketplace",
            seller=market.distributor,
            buyer_organization_id=organization_id,
            buyer_branch_id=branch_id,
            state="pending",
        )

    @pytest.fixture(autouse=True)
    def fresh_market(self):
        TestOrders.market = None

    def make_row(self, actor, number=1):
        return self.order(actor.organization_id)

    def make_row_of_other_branch(self, actor):
        other = BranchFactory(organization_id=actor.organization_id, organization=None)
        return self.order(actor.organization_id, other.pk)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def buyer(market):
    return api_client(actor=market.buyer)


@pytest.fixture
def seller(market):
    return api_client(actor=market.seller)


def given(market, quantity="3", **changes):
    return {
        "sellerId": str(market.distributor.pk),
        "buyerBranchId": str(market.branch.pk),
        "lines": [{"variantId": str(market.pads.pk), "quantity": quantity}],
    } | changes


class TestPlacing:
    def test_same_key_orders_once(self, market, buyer):
        first, second = (
            buyer.post(f"{API}/orders", given(market), format="json", HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)
        )

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["data"] == second.json()["data"]
        shown = first.json()["data"]
        assert (shown["state"], shown["side"], shown["total"]) == ("pending", "buyer", "2332800.00")
        assert shown["availableActions"] == ["cancel"]
        assert Order.objects.count() == 1
        assert StockLevel.objects.get(variant=market.pads).reserved == 3

    def test_short_lines(self, market, buyer):
        answer = buyer.post(f"{API}/orders", given(market, "11"), format="json")

        assert answer.status_code == 409
        error = answer.json()["error"]
        assert (error["code"], error["details"]["rule"]) == ("BUSINESS_001", "not_enough_stock")
        assert error["details"]["lines"][0]["available"] == "10.000"
        assert not Order.objects.exists()

    def test_refusals(self, market, buyer):
        foreign = BranchFactory()
        for changes, status in (
            ({"lines": []}, 422),
            ({"lines": [{"variantId": str(uuid7()), "quantity": "1"}]}, 422),
            ({"lines": [{"variantId": str(market.pads.pk), "quantity": "-1"}]}, 400),
            ({"lines": [{"variantId": str(market.pads.pk), "quantity": "1", "unitPrice": "1"}]}, 400),
            ({"sellerId": str(market.garage.pk)}, 422),
            ({"buyerBranchId": str(foreign.pk)}, 404),
            ({"channel": "moon"}, 400),
        ):
            answer = buyer.post(f"{API}/orders", given(market, **changes), format="json")
            assert answer.status_code == status, (changes, answer.json())

        assert not Order.objects.exists()

    def test_needs_the_right(self, market):
        technician = api_client(actor=member_with("order.view", place=market.garage))

        assert technician.post(f"{API}/orders", given(market), format="json").status_code == 403
        assert api_client().post(f"{API}/orders", given(market), format="json").status_code == 401


class TestSteps:
    def test_the_whole_way(self, market, buyer, seller):
        order = market.place()
        line, url = order.lines.get(), f"{API}/orders/{order.pk}"

        assert seller.get(url).json()["data"]["availableActions"] == ["confirm", "cancel"]
        cut = {"lines": [{"lineId": str(line.pk), "quantity": "2"}]}
        confirmed = seller.put(f"{url}/confirm", cut, format="json").json()["data"]
        assert (confirmed["state"], confirmed["lines"][0]["quantity"]) == ("confirmed", "2.000")
        assert seller.put(f"{url}/start-picking").json()["data"]["state"] == "processing"
        assert seller.patch(f"{url}/status", {"state": "ready"}, format="json").json()["data"]["state"] == "ready"
        shipped = seller.post(f"{url}/shipments", {"parcels": 2, "trackingCode": "51C-1"}, format="json")
        assert (shipped.status_code, shipped.json()["data"]["lines"][0]["quantity"]) == (201, "2.000")
        shown = buyer.get(url).json()["data"]
        assert (shown["state"], shown["availableActions"], shown["lines"][0]["onTheWay"]) == (
            "shipped",
            ["receive"],
            "2.000",
        )
        [shipment] = buyer.get(f"{url}/shipments").json()["data"]
        assert (shipment["state"], shipment["trackingCode"]) == ("in_transit", "51C-1")
        received = buyer.post(f"{url}/receive", {}, format="json").json()["data"]
        assert (received["state"], received["fulfilmentStatus"]) == ("delivered", "received")
        assert seller.put(f"{url}/complete").json()["data"]["state"] == "completed"

    def test_refused_step_names_the_allowed_ones(self, market, seller):
        order = market.place()

        answer = seller.put(f"{API}/orders/{order.pk}/mark-ready")

        assert answer.status_code == 422
        assert answer.json()["error"]["details"]["allowed"] == ["confirm", "cancel"]
        skipped = seller.patch(f"{API}/orders/{order.pk}/status", {"state": "shipped"}, format="json")
        assert (skipped.status_code, skipped.json()["error"]["details"]["allowed"]) == (422, ["confirm", "cancel"])

    def test_stale_confirmation(self, market, seller):
        order = market.place()
        etag = seller.get(f"{API}/orders/{order.pk}")["ETag"]
        Order.objects.filter(pk=order.pk).update(version=5)

        answer = seller.put(f"{API}/orders/{order.pk}/confirm", {}, format="json", HTTP_IF_MATCH=etag)

        assert answer.status_code == 409
        order.refresh_from_db()
        assert order.state == "pending"

    def test_cancel(self, market, buyer):
        order = market.place()
        url = f"{API}/orders/{order.pk}"

        assert buyer.put(f"{url}/cancel", {}, format="json").status_code == 400
        assert buyer.patch(f"{url}/status", {"state": "cancelled"}, format="json").status_code == 400
        answer = buyer.put(f"{url}/cancel", {"reason": "Khách đổi ý"}, format="json")
        assert (answer.json()["data"]["state"], answer.json()["data"]["cancelReason"]) == ("cancelled", "Khách đổi ý")
        assert StockLevel.objects.get(variant=market.pads).reserved == 0

    def test_too_much(self, market, buyer, seller):
        order = market.ready()
        line, url = order.lines.get(), f"{API}/orders/{order.pk}"
        four, three = ({"lines": [{"lineId": str(line.pk), "quantity": text}]} for text in ("4", "3"))

        shipped = seller.post(f"{url}/shipments", four, format="json")
        assert (shipped.status_code, shipped.json()["error"]["details"]["rule"]) == (422, "shipped_too_much")
        received = buyer.put(f"{url}/receive", three, format="json")
        assert (received.status_code, received.json()["error"]["details"]["rule"]) == (422, "received_too_much")
        line.refresh_from_db()
        assert (line.shipped, line.received) == (0, 0)

    def test_same_shipment_is_sent_once(self, market, seller):
        url = f"{API}/orders/{market.ready().pk}/shipments"

        first, second = (seller.post(url, {}, format="json", HTTP_IDEMPOTENCY_KEY="s") for _ in range(2))

        assert first.json()["data"]["id"] == second.json()["data"]["id"]
        assert StockLevel.objects.get(variant=market.pads).on_hand == 7


STEPS = [
    ("put", "confirm", {}),
    ("put", "start-picking", {}),
    ("put", "mark-ready", {}),
    ("put", "complete", {}),
    ("put", "take", {}),
    ("put", "cancel", {"reason": "x"}),
    ("put", "receive", {}),
    ("post", "shipments", {}),
    ("get", "shipments", None),
    ("patch", "status", {"state": "confirmed"}),
]


class TestSides:
    @pytest.mark.parametrize(("method", "path", "body"), STEPS)
    def test_strangers_find_nothing(self, market, method, path, body):
        order = market.place()
        stranger = api_client(actor=member_with("order.*"))

        answer = getattr(stranger, method)(f"{API}/orders/{order.pk}/{path}", body, format="json")

        assert answer.status_code == 404
        order.refresh_from_db()
        assert order.state == "pending"

    @pytest.mark.parametrize(("method", "path", "body"), STEPS)
    def test_without_the_right(self, market, method, path, body):
        order = market.place()
        member = api_client(actor=member_with("report.view", place=market.distributor))

        answer = getattr(member, method)(f"{API}/orders/{order.pk}/{path}", body, format="json")

        assert answer.status_code == 403

    def test_wrong_side(self, market, buyer, seller):
        order = market.ready()
        url = f"{API}/orders/{order.pk}"

        assert buyer.post(f"{url}/shipments", {}, format="json").status_code == 403
        assert seller.put(f"{url}/receive", {}, format="json").status_code == 403
        assert StockLevel.objects.get(variant=market.pads).on_hand == 10

    def test_neither_sees_what_is_the_others(self, market, buyer, seller):
        line = OrderLineInput(market.pads.pk, 1, None, "workshop.partrequirement", uuid7())
        order = market.place(lines=[line], source=Source("workshop.jobcard", uuid7(), "JC-7"))
        Order.objects.update(seller_note="Khách khó tính")
        order.lines.update(cost=400_000)

        bought, sold = (client.get(f"{API}/orders/{order.pk}").json()["data"] for client in (buyer, seller))

        assert (bought["sellerNote"], bought["sourceLabel"], bought["lines"][0]["cost"]) == (None, "JC-7", None)
        assert bought["lines"][0]["warehouse"] is None
        assert (sold["sellerNote"], sold["sourceLabel"], sold["sourceId"]) == ("Khách khó tính", None, None)
        assert (sold["lines"][0]["cost"], sold["lines"][0]["sourceId"]) == ("400000.00", None)
        listed = seller.get(f"{API}/orders").json()["data"][0]
        assert (listed["sourceLabel"], listed["side"]) == (None, "seller")

    def test_lists_by_side(self, market, buyer, seller):
        market.place()

        for client, side, other in ((buyer, "buyer", "seller"), (seller, "seller", "buyer")):
            assert client.get(f"{API}/orders?side={side}").json()["pagination"]["total"] == 1
            assert client.get(f"{API}/orders?side={other}").json()["pagination"]["total"] == 0
        assert buyer.get(f"{API}/orders?side=moon").status_code == 400
