"""Mailings and sent messages in the portal."""

import pytest
from django.utils import translation

from apps.core.ids import uuid7
from apps.engines.customers.models import Customer
from apps.platform.notifications.causes import explain
from apps.platform.notifications.models import BulkSend, Delivery
from apps.platform.notifications.services import create_bulk_send, notify_address, start_bulk_send
from apps.platform.realtime.registry import find_stream
from tests.factories.actors import actor_for
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
WORDS = {
    "name": "Tháng 12",
    "audience": "customers",
    "channel": "email",
    "subject": "Ưu đãi cho {{ name }}",
    "body": "Giảm 10%.",
    "per_minute": "60",
}


def make_bulk(actor, name="Tháng 12"):
    return create_bulk_send(actor, **{**WORDS, "per_minute": 60, "name": name})


def plain_bulk(actor, name):
    """Without the service: its writer need not have the right."""
    values = {**WORDS, "per_minute": 60, "name": name}
    return BulkSend.objects.create(organization_id=actor.organization_id, created_by_id=actor.user_id, **values)


def make_failed(actor, number=1, **values):
    notify_address(
        "test.message",
        organization_id=actor.organization_id,
        language="vi",
        context={"url": ""},
        dedupe=f"d{number}:{actor.organization_id}",
        phone=f"+8490123456{number}",
    )
    row = Delivery.objects.filter(organization_id=actor.organization_id).latest("id")
    Delivery.objects.filter(pk=row.pk).update(**{"state": "failed", "error": "eSMS 108: phone format", **values})
    row.refresh_from_db()
    return row


class TestBulkList(ListKit):
    url_name = "garage:bulk-sends"
    right = "notification.send"
    sorts = ("name", "-created_at")

    def make_row(self, actor, number=1):
        return plain_bulk(actor, f"Thư {number} {actor.organization_id}")


class TestBulkPage(DetailKit):
    url_name = "garage:bulk-send"
    right = "notification.send"

    def make_row(self, actor, number=1):
        return plain_bulk(actor, f"Thư {number}")


class TestDeliveryList(ListKit):
    url_name = "garage:deliveries"
    right = "notification.send"
    filter_queries = ("state=failed", "channel=sms")

    def make_row(self, actor, number=1):
        return make_failed(actor, number, address=f"+84{uuid7().int % 10**9}")

    def label_of(self, row):
        return row.address


class TestDeliveryPage(DetailKit):
    url_name = "garage:delivery"
    right = "notification.send"

    def make_row(self, actor, number=1):
        return make_failed(actor, number)

    def label_of(self, row):
        return row.address


class TestMailing:
    def test_written_shown_started_paused_and_cancelled(self):
        actor = actor_for("owner")
        Customer.objects.create(
            organization_id=actor.organization_id,
            code="KH-1",
            name="Mai",
            email="mai@example.com",
            has_marketing_consent=True,
        )
        browser = browser_of(actor)
        assert browser.post("/garage/mailings/add/", WORDS).status_code == 302
        row = BulkSend.objects.get()
        url = f"/garage/mailings/{row.pk}/"
        page = browser.get(url).content.decode()
        assert "Ưu đãi cho Trần Thị Mai" in page
        assert f'data-live="bulk-send:{row.pk}"' in page
        for step, state in (("start", "sending"), ("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
            assert browser.post(f"{url}do/{step}/").status_code in (200, 302)
            row.refresh_from_db()
            assert row.state == state

    def test_a_draft_is_changed_in_its_dialog(self):
        actor = actor_for("owner")
        row, browser = make_bulk(actor), browser_of(actor)
        url = f"/garage/mailings/{row.pk}/do/change/"
        assert 'value="Tháng 12"' in browser.get(url).content.decode()
        assert browser.post(url, {**WORDS, "name": "Tháng 1"}).status_code == 302
        assert browser.post(url, {**WORDS, "body": "{{ secret }}"}).status_code in (400, 422)
        row.refresh_from_db()
        assert (row.name, row.body) == ("Tháng 1", "Giảm 10%.")

    def test_mistakes_stand_beside_the_field(self):
        answer = browser_of(actor_for("owner")).post("/garage/mailings/add/", {**WORDS, "body": "typed {{ x.y }}"})
        assert answer.status_code in (400, 422)
        assert "typed {{ x.y }}" in answer.content.decode()
        assert not BulkSend.objects.exists()

    def test_who_may_follow_it(self):
        actor = actor_for("owner")
        row = make_bulk(actor)
        for topic in (f"bulk-send:{row.pk}", f"bulk-sends:{actor.organization_id}"):
            assert find_stream(actor, topic) == topic
            assert find_stream(actor_for("owner"), topic) is None
            assert find_stream(member_with(place=row.organization), topic) is None
        assert find_stream(actor, "bulk-send:x") is None

    def test_nobody_to_write_to_is_said(self):
        actor = actor_for("owner")
        row = make_bulk(actor)
        assert browser_of(actor).post(f"/garage/mailings/{row.pk}/do/start/").status_code == 422
        row.refresh_from_db()
        assert row.state == "draft"


class TestDeadLetters:
    def test_the_cause_is_readable_and_one_is_sent_again(self):
        actor = actor_for("owner")
        row, browser = make_failed(actor), browser_of(actor)
        page = browser.get("/garage/messages/", {"state": "failed"}).content.decode()
        assert "Số điện thoại" in page or "The phone number" in page
        assert browser.post(f"/garage/messages/{row.pk}/do/again/").status_code == 302
        row.refresh_from_db()
        assert row.state == "queued"

    def test_many_at_once(self):
        actor = actor_for("owner")
        rows = [make_failed(actor, number) for number in range(3)]
        foreign = make_failed(actor_for("owner"))
        sent = make_failed(actor, 5, state="sent", error="")
        browser_of(actor).post(
            "/garage/messages/", {"bulk": "again", "row": [row.pk for row in (*rows, foreign, sent)]}
        )
        states = dict(Delivery.objects.values_list("pk", "state"))
        assert [states[row.pk] for row in rows] == ["queued"] * 3
        assert (states[foreign.pk], states[sent.pk]) == ("failed", "sent")

    @pytest.mark.parametrize(
        ("error", "word"),
        [
            ("", ""),
            ("Twilio 21211: bad", "phone number"),
            ("eSMS 103: balance", "balance"),
            ("550 5.1.1 no such user", "mailbox"),
            ("something strange", "something strange"),
        ],
    )
    def test_causes(self, error, word):
        with translation.override("en"):
            assert word in explain(Delivery(error=error))
            assert bool(explain(Delivery(error=error))) == bool(error)


def test_started_ones_tell_how_far_they_are():
    actor = actor_for("owner")
    Customer.objects.create(
        organization_id=actor.organization_id,
        code="KH-1",
        name="Mai",
        email="m@example.com",
        has_marketing_consent=True,
    )
    row = start_bulk_send(actor, make_bulk(actor))
    page = browser_of(actor).get(f"/garage/mailings/{row.pk}/part/progress/").content.decode()
    assert "0 / 1" in page
