"""/notifications/mailings of the REST API."""

import pytest

from apps.engines.customers.models import Customer
from apps.platform.notifications.models import BulkSend
from apps.platform.system.models import JobRun
from tests.support.api import ApiKit, api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
URL = "/api/v1/notifications/mailings"
WORDS = {
    "name": "Tháng 12",
    "audience": "customers",
    "channel": "email",
    "subject": "Ưu đãi cho {{ name }}",
    "body": "Giảm 10%.",
    "perMinute": 30,
}


class TestMailings(ApiKit):
    url = URL
    right = "notification.send"
    filter_queries = ("filter[state]=draft", "filter[channel][in]=email,sms", "filter[audience]=customers")
    sorts = ("createdAt", "name")
    search_text = "Tháng"

    def make_row(self, actor, number=1):
        return BulkSend.objects.create(
            organization_id=actor.organization_id,
            name=f"Tháng {number}",
            audience="customers",
            channel="email",
            subject="Ưu đãi",
            body="Giảm 10%.",
            created_by_id=actor.user_id,
        )


@pytest.fixture
def actor():
    return member_with("notification.send")


def test_written_started_paused_resumed_and_cancelled(actor):
    Customer.objects.create(
        organization_id=actor.organization_id,
        code="KH-1",
        name="Mai",
        email="mai@example.com",
        has_marketing_consent=True,
    )
    client = api_client(actor=actor)
    written = client.post(URL, WORDS)
    assert written.status_code == 201
    row = BulkSend.objects.get()
    changed = client.patch(f"{URL}/{row.pk}", {"subject": "Ưu đãi lớn"}, headers={"If-Match": '"1"'}).json()["data"]
    assert (changed["subject"], changed["perMinute"], changed["availableActions"]) == (
        "Ưu đãi lớn",
        30,
        ["start", "cancel"],
    )
    assert client.patch(f"{URL}/{row.pk}", {"subject": "x"}, headers={"If-Match": '"1"'}).status_code == 409
    for step, state in (("start", "sending"), ("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        assert client.put(f"{URL}/{row.pk}/{step}").json()["data"]["state"] == state
    assert JobRun.objects.filter(name="notifications.mailing").count() == 2
    refused = client.put(f"{URL}/{row.pk}/start")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "BUSINESS_001")


@pytest.mark.parametrize(
    ("words", "field"),
    [({"body": "{% load x %}"}, "body"), ({"perMinute": 601}, "perMinute"), ({"audience": "everybody"}, "audience")],
)
def test_bad_words_are_refused(actor, words, field):
    answer = api_client(actor=actor).post(URL, {**WORDS, **words})
    assert (answer.status_code, field in answer.text) == (400, True)
    assert not BulkSend.objects.exists()


def test_starting_with_nobody_to_write_to_is_refused(actor):
    client = api_client(actor=actor)
    client.post(URL, WORDS)
    row = BulkSend.objects.get()
    answer = client.put(f"{URL}/{row.pk}/start")
    assert answer.json()["error"]["details"]["rule"] == "nobody_to_write_to"
    row.refresh_from_db()
    assert (row.state, JobRun.objects.count()) == ("draft", 0)
