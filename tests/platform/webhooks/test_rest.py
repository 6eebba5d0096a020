"""/webhooks of the REST API."""

import pytest

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.engines.orders.events import OrderPlaced
from apps.platform.events.models import OutboxEvent
from apps.platform.events.services import publish, rebuild
from apps.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.platform.webhooks.registry import CATALOGUE
from apps.platform.webhooks.services.endpoints import secret_of
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory
from tests.factories.webhooks import endpoint_of
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
URL = "/api/v1/webhooks"
RIGHTS = ("webhook.edit", "inventory.view", "order.view")


class TestWebhooks(ApiKit):
    url = URL
    right = "webhook.edit"
    filter_queries = ("filter[isActive]=true",)
    sorts = ("createdAt",)

    def make_row(self, actor, number=1):
        return WebhookEndpoint.objects.create(
            organization_id=actor.organization_id, url=f"https://cms.example.vn/{number}", secret=b"x"
        )


def test_a_webhook_is_added_read_changed_and_removed():
    actor = member_with(*RIGHTS)
    client = api_client(actor=actor)
    answer = client.post(URL, {"url": "https://cms.example.vn/h", "events": ["order.placed"], "description": "CMS"})
    assert answer.status_code == 201
    data = answer.json()["data"]
    row = WebhookEndpoint.objects.get()
    assert data["secret"] == secret_of(row)
    assert (data["url"], data["events"], data["isActive"]) == ("https://cms.example.vn/h", ["order.placed"], True)
    shown = client.get(f"{URL}/{row.pk}").json()["data"]
    assert "secret" not in shown
    changed = client.patch(f"{URL}/{row.pk}", {"events": ["inventory.stock_changed"]}, headers={"If-Match": '"1"'})
    assert changed.json()["data"]["events"] == ["inventory.stock_changed"]
    stale = client.patch(f"{URL}/{row.pk}", {"description": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    rotated = client.put(f"{URL}/{row.pk}/rotate-secret").json()["data"]
    assert rotated["secret"] not in ("", data["secret"])
    assert rotated["oldSecretUntil"] is not None
    assert client.put(f"{URL}/{row.pk}/disable").json()["data"]["disabledReason"] == "by_hand"
    assert client.put(f"{URL}/{row.pk}/enable").json()["data"]["isActive"] is True
    assert client.delete(f"{URL}/{row.pk}").status_code == 204
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "https://10.0.0.1/", "events": ["order.placed"]}, "url"),
        ({"url": "https://cms.example.vn/", "events": ["nonsense"]}, "events"),
        ({"url": "https://cms.example.vn/", "events": []}, "events"),
        ({"events": ["order.placed"]}, "url"),
        ({"url": "https://cms.example.vn/", "events": ["order.placed"], "secret": "mine"}, "secret"),
    ],
)
def test_bad_input_is_refused_by_field(body, field):
    answer = api_client(actor=member_with(*RIGHTS)).post(URL, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_001")
    assert answer.json()["error"]["field"] == field
    assert not WebhookEndpoint.objects.exists()


def test_an_event_that_one_may_not_see_is_refused():
    answer = api_client(actor=member_with(*RIGHTS)).post(
        URL, {"url": "https://cms.example.vn/", "events": ["payment.completed"]}
    )
    assert (answer.status_code, answer.json()["error"]["details"]) == (403, {"permission": "payment.view"})


def test_the_events_are_listed_for_those_who_may_subscribe():
    body = api_client(actor=member_with(*RIGHTS)).get(f"{URL}/events").json()["data"]
    names = {one["name"] for one in body}
    assert names == {name for name, one in CATALOGUE.items() if one.permission in RIGHTS}
    placed = next(one for one in body if one["name"] == "order.placed")
    assert {"name": "side", "meaning": "which side of the document your company is"} in placed["fields"]
    assert api_client(actor=member_with("order.view")).get(f"{URL}/events").status_code == 403
    assert api_client().get(f"{URL}/events").status_code == 401


def test_deliveries_are_listed_and_sent_again():
    actor, stranger = member_with(*RIGHTS), member_with(*RIGHTS)
    endpoint = endpoint_of(actor)
    client = api_client(actor=actor)
    queued = client.put(f"{URL}/{endpoint.pk}/test").json()["data"]
    assert (queued["name"], queued["state"]) == ("webhook.test", "queued")
    url = f"{URL}/{endpoint.pk}/deliveries"
    again = f"{url}/{queued['id']}/redeliver"
    assert client.post(again).json()["error"]["details"]["rule"] == "delivery_waiting"
    WebhookDelivery.objects.update(state="failed", attempts=9)
    assert [one["id"] for one in client.get(f"{url}?filter[state]=failed").json()["data"]] == [queued["id"]]
    assert client.post(again).json()["data"]["state"] == "queued"
    other = endpoint_of(actor, "https://b.example.vn/")
    for who, address in (
        (client, f"{URL}/{other.pk}/deliveries/{queued['id']}"),
        (api_client(actor=stranger), url),
        (api_client(actor=stranger), f"{url}/{queued['id']}"),
    ):
        assert who.get(address).status_code == 404
    assert api_client(actor=stranger).post(again).status_code == 404
    assert api_client(actor=member_with("order.view")).get(url).status_code == 403
    assert api_client().get(url).status_code == 401


def test_both_sides_of_an_order_are_told_as_their_own_side():
    seller, buyer, third = (actor_for("owner", OrganizationFactory()) for _ in range(3))
    for actor in (seller, buyer, third):
        endpoint_of(actor, events=["order.placed"])
    order = uuid7()
    publish(
        system_actor(seller.organization_id),
        OrderPlaced(
            subject_id=order,
            organization_id=seller.organization_id,
            number="ORD-1",
            channel="marketplace",
            state="placed",
            seller_id=seller.organization_id,
            buyer_organization_id=buyer.organization_id,
            source_type="job_card",
            source_id=uuid7(),
        ),
    )
    told = CATALOGUE["order.placed"].messages(rebuild(OutboxEvent.objects.get()))
    shared = {
        "orderId": str(order),
        "number": "ORD-1",
        "channel": "marketplace",
        "state": "placed",
        "sellerId": str(seller.organization_id),
        "buyerOrganizationId": str(buyer.organization_id),
    }
    assert {one.organization_id: one.data for one in told} == {
        seller.organization_id: {**shared, "side": "seller"},
        buyer.organization_id: {**shared, "side": "buyer"},
    }
