"""/notifications of the REST API."""

import pytest

from apps.platform.accounts.models import User
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.notifications.services import notify_users
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db


def tell(actor, dedupe="d"):
    user = User.objects.get(pk=actor.user_id)
    notify_users("test.message", [user], organization_id=actor.organization_id, context={}, dedupe=dedupe)
    return Notification.objects.get(user=user, dedupe_key__startswith=f"{dedupe}:")


class TestHistory(ApiKit):
    url = "/api/v1/notifications/history"
    right = "notification.send"
    has_detail = False
    filter_queries = ("filter[state]=queued", "filter[channel][in]=email,sms", "filter[address]=a@example.com")
    sorts = ("createdAt",)

    def make_row(self, actor, number=1):
        tell(actor, dedupe=f"d{number}")
        return Delivery.objects.filter(
            organization_id=actor.organization_id, dedupe_key__startswith=f"d{number}:"
        ).first()


def test_strangers_are_asked_to_log_in():
    for method, path in (("get", ""), ("put", "/read-all"), ("get", "/preferences"), ("put", "/preferences")):
        assert getattr(api_client(), method)(f"/api/v1/notifications{path}").status_code == 401


def test_the_list_holds_ones_own():
    actor, other = member_with(), member_with()
    row = tell(actor)
    tell(other)
    body = api_client(actor=actor).get("/api/v1/notifications").json()
    assert body["success"] is True
    assert [(one["id"], one["title"], one["isRead"]) for one in body["data"]] == [(str(row.pk), row.title, False)]


def test_unread_ones_can_be_asked_for():
    actor = member_with()
    read, unread = tell(actor, "d1"), tell(actor, "d2")
    client = api_client(actor=actor)
    assert client.put(f"/api/v1/notifications/{read.pk}/read").json()["data"]["isRead"] is True
    ids = [one["id"] for one in client.get("/api/v1/notifications?filter[isRead]=false").json()["data"]]
    assert ids == [str(unread.pk)]


def test_reading_all():
    actor = member_with()
    tell(actor, "d1")
    tell(actor, "d2")
    client = api_client(actor=actor)
    assert client.put("/api/v1/notifications/read-all").json()["data"] == {"changed": 2}
    assert not Notification.objects.filter(read_at__isnull=True).exists()


def test_deleting_and_reading_anybody_elses_is_not_found():
    actor, other = member_with(), member_with()
    own, foreign = tell(actor), tell(other)
    client = api_client(actor=actor)
    assert client.delete(f"/api/v1/notifications/{foreign.pk}").status_code == 404
    assert client.put(f"/api/v1/notifications/{foreign.pk}/read").status_code == 404
    assert client.delete(f"/api/v1/notifications/{own.pk}").status_code == 204
    assert list(Notification.objects.all()) == [foreign]


def test_preferences_are_shown_and_changed():
    actor = member_with()
    client = api_client(actor=actor)
    url = "/api/v1/notifications/preferences"
    everything = dict.fromkeys(("in_app", "email", "sms", "telegram", "web_push"), True)
    assert client.get(url).json()["data"]["preferences"]["general"] == everything
    answer = client.put(url, {"preferences": {"general": {"sms": False}}})
    assert answer.json()["data"]["preferences"]["general"] == everything | {"sms": False}
    refused = client.put(url, {"preferences": {"nonsense": {"sms": False}}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_001")


def test_a_failed_message_is_sent_again_by_those_who_may():
    actor = member_with("notification.send")
    tell(actor)
    row = Delivery.objects.filter(channel="sms").get()
    Delivery.objects.filter(pk=row.pk).update(state="failed", attempts=6)
    url = f"/api/v1/notifications/history/{row.pk}/again"
    assert api_client(actor=member_with(place=None)).put(url).status_code in (403, 404)
    assert api_client(actor=actor).put(url).json()["data"]["state"] == "queued"
    assert api_client(actor=actor).put(url).status_code == 422
