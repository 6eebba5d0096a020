"""Handing messages to providers: retries, refusals, crashes, two workers at once."""

import json
import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import parse_qs

import httpx
import pytest
import respx
import time_machine
from django.core import mail
from django.db import connection

from apps.core.clock import now
from apps.core.errors import NotAllowed
from apps.platform.files.services import store_document
from apps.platform.notifications.errors import NotFailed
from apps.platform.notifications.links import receipt_token
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.selectors import list_failed_deliveries
from apps.platform.notifications.senders.esms import national_number
from apps.platform.notifications.services import deliver, notify_address, send_again, send_due_deliveries
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory

ESMS = "https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/"
TWILIO = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
SITE = "http://127.0.0.1:8000/api/v1/notifications"
pytestmark = pytest.mark.django_db


def queue(*, email="", phone="", organization_id=None, attachments=(), dedupe="d", note="") -> Delivery:
    notify_address(
        "test.message",
        organization_id=organization_id,
        language="en",
        context={"url": "/x/", "note": note},
        dedupe=dedupe,
        email=email,
        phone=phone,
        attachments=attachments,
    )
    return Delivery.objects.order_by("-id").first()


@pytest.fixture
def esms(settings):
    settings.SMS_PROVIDER = "esms"
    settings.ESMS_API_KEY, settings.ESMS_SECRET_KEY, settings.ESMS_BRANDNAME = "key", "secret", "Baylink"
    with respx.mock(assert_all_called=False) as router:
        yield router.post(ESMS)


@pytest.fixture
def twilio(settings):
    settings.SMS_PROVIDER = "twilio"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "AC1", "token", "+1500"
    with respx.mock(assert_all_called=False) as router:
        yield router.post(TWILIO)


def test_without_provider_nothing_leaves_and_the_inbox_has_it():
    row = queue(phone="+84901234567")
    assert send_due_deliveries() == 1
    row.refresh_from_db()
    assert (row.state, row.provider, row.attempts, row.next_try_at) == ("sent", "inbox", 1, None)
    assert row.sent_at is not None
    assert send_due_deliveries() == 0
    assert mail.outbox == []


def test_an_email_has_text_and_letter_and_attachment(settings):
    settings.EMAIL_PROVIDER = "smtp"
    company = OrganizationFactory(name="Gara <An>", brand_color="#123456")
    actor = actor_for("owner", company)
    file = store_document(actor, b"%PDF-1.7\n...\n%%EOF\n", name="Báo giá.exe")
    row = queue(email="khach@example.com", organization_id=company.pk, attachments=[file], note="see https://a.example")
    assert send_due_deliveries() == 1
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["khach@example.com"], "Test message from Gara <An>")
    assert message.extra_headers["Message-ID"] == f"<{row.pk}@baylink.example>"
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "Gara &lt;An&gt;" in html
    assert "#123456" in html
    assert '<a href="https://a.example" rel="nofollow">' in html
    assert message.attachments == [("Báo giá.pdf", b"%PDF-1.7\n...\n%%EOF\n", "application/pdf")]
    row.refresh_from_db()
    assert (row.state, row.provider) == ("sent", "smtp")


@pytest.mark.parametrize(
    ("error", "state"),
    [(SMTPServerDisconnected(), "queued"), (SMTPRecipientsRefused({}), "failed"), (OSError(), "queued")],
)
def test_a_mail_server_that_says_no(settings, monkeypatch, error, state):
    def refuse(self):
        raise error

    settings.EMAIL_PROVIDER = "smtp"
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    row = queue(email="khach@example.com")
    assert send_due_deliveries() == 0
    row.refresh_from_db()
    assert (row.state, row.provider if state == "queued" else "smtp") == (state, "" if state == "queued" else "smtp")


def test_esms_gets_what_it_asks_for(esms):
    esms.return_value = httpx.Response(200, json={"CodeResult": "100", "SMSID": "abc-1"})
    row = queue(phone="+84901234567", note="Đã xong")
    send_due_deliveries()
    body = json.loads(esms.calls.last.request.content)
    assert body == {
        "ApiKey": "key",
        "SecretKey": "secret",
        "Phone": "0901234567",
        "Content": row.body,
        "SmsType": "2",
        "IsUnicode": "1",
        "Sandbox": "0",
        "RequestId": str(row.pk),
        "Brandname": "Baylink",
        "CallbackUrl": f"{SITE}/receipts/esms/{row.pk}/{receipt_token(row.pk)}",
    }
    row.refresh_from_db()
    assert (row.state, row.provider_id) == ("sent", "abc-1")


def test_esms_knows_a_repeated_message(esms):
    esms.return_value = httpx.Response(200, json={"CodeResult": "124"})
    row = queue(phone="+84901234567")
    assert send_due_deliveries() == 1
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.parametrize("code", ["99", "108", "146"])
def test_what_esms_will_never_take_is_not_tried_again(esms, code):
    esms.return_value = httpx.Response(200, json={"CodeResult": code, "ErrorMessage": "no"})
    row = queue(phone="+84901234567")
    assert send_due_deliveries() == 0
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", f"eSMS {code}: no")


def test_trouble_is_tried_again_with_growing_delay_and_then_listed(esms):
    esms.side_effect = [
        httpx.ConnectTimeout("slow"),
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"CodeResult": "103", "ErrorMessage": "balance"}),
        httpx.Response(200, json={"CodeResult": "103", "ErrorMessage": "balance"}),
    ]
    row = queue(phone="+84901234567")
    at, delays = now(), []
    for _ in range(6):
        with time_machine.travel(at, tick=False):
            assert send_due_deliveries() == 0
            assert send_due_deliveries() == 0
        row.refresh_from_db()
        if row.next_try_at:
            delays.append((row.next_try_at - at).total_seconds() / 60)
            at = row.next_try_at
    assert delays == [1, 5, 20, 60, 240]
    assert (row.state, row.attempts, row.error) == ("failed", 6, "eSMS 103: balance")
    assert list(list_failed_deliveries()) == [row]


def test_twilio_gets_its_form(twilio):
    twilio.return_value = httpx.Response(201, json={"sid": "SM1"})
    row = queue(phone="+84901234567")
    assert send_due_deliveries() == 1
    request = twilio.calls.last.request
    assert request.headers["Authorization"].startswith("Basic ")
    assert parse_qs(request.content.decode()) == {
        "To": ["+84901234567"],
        "From": ["+1500"],
        "Body": [row.body],
        "StatusCallback": [f"{SITE}/receipts/twilio/{row.pk}"],
    }
    row.refresh_from_db()
    assert (row.state, row.provider_id) == ("sent", "SM1")


@pytest.mark.parametrize(("code", "state"), [(21211, "failed"), (20429, "queued")])
def test_twilio_says_no(twilio, code, state):
    twilio.return_value = httpx.Response(400, json={"code": code, "message": "bad"})
    row = queue(phone="+84901234567")
    send_due_deliveries()
    row.refresh_from_db()
    assert (row.state, row.error) == (state, f"Twilio {code}: bad")


@pytest.mark.parametrize(("error", "state"), [(httpx.ConnectError("x"), "queued"), (httpx.ReadTimeout("x"), "failed")])
def test_a_broken_call_is_repeated_only_when_nothing_can_have_arrived(twilio, error, state):
    twilio.side_effect = error
    row = queue(phone="+84901234567")
    send_due_deliveries()
    row.refresh_from_db()
    assert row.state == state


class Killed(BaseException):
    pass


calls: list[str] = []


def die(request: httpx.Request) -> httpx.Response:
    calls.append(str(request.url))
    raise Killed


def test_killed_while_calling_a_provider_that_knows_repeats_it_is_sent_again(esms):
    esms.side_effect = die
    row = queue(phone="+84901234567")
    with pytest.raises(Killed):
        send_due_deliveries()
    esms.side_effect = None
    esms.return_value = httpx.Response(200, json={"CodeResult": "124"})
    assert send_due_deliveries() == 0
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert send_due_deliveries() == 1
    row.refresh_from_db()
    assert row.state == "sent"


def test_killed_while_calling_a_provider_that_does_not_staff_decide(twilio):
    calls.clear()
    twilio.side_effect = die
    row = queue(phone="+84901234567")
    with pytest.raises(Killed):
        send_due_deliveries()
    twilio.side_effect = None
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert send_due_deliveries() == 0
    assert (calls, twilio.call_count) == ([TWILIO], 0)
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "the outcome of the last try is unknown")


def test_one_message_that_cannot_be_composed_does_not_stop_the_others(settings):
    settings.EMAIL_PROVIDER = "smtp"
    broken = queue(email="a@example.com", dedupe="d1")
    Delivery.objects.filter(pk=broken.pk).update(attachments=["0198a000-0000-7000-8000-000000000000"])
    fine = queue(email="b@example.com", dedupe="d2")
    assert send_due_deliveries() == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.error.split(":")[0], fine.state) == ("queued", "DoesNotExist", "sent")


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(monkeypatch):
    for number in range(20):
        queue(phone=f"+849012345{number:02d}", dedupe=f"d{number}")
    handed: list[str] = []
    barrier = threading.Barrier(2)

    class Recorder:
        name = "inbox"
        is_repeatable = True

        def send(self, message):
            handed.append(message.key)
            return message.key

    def work():
        barrier.wait(10)
        deliver.send_due_deliveries()
        connection.close()

    monkeypatch.setattr(deliver, "find_sender", lambda channel: Recorder())
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(handed) == len(set(handed)) == 20
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 20


class TestSendAgain:
    @pytest.fixture
    def company(self):
        return OrganizationFactory()

    @pytest.fixture
    def failed(self, company):
        row = queue(phone="+84901234567", organization_id=company.pk)
        Delivery.objects.filter(pk=row.pk).update(state="failed", attempts=6, error="x", provider="esms")
        return row

    def test_a_failed_message_starts_anew(self, company, failed):
        row = send_again(actor_for("owner", company), failed)
        assert (row.state, row.attempts, row.error, row.provider) == ("queued", 0, "", "")
        assert send_due_deliveries() == 1

    def test_not_without_the_right_and_not_from_outside(self, company, failed):
        for actor in (actor_for("technician", company), actor_for("owner")):
            with pytest.raises(NotAllowed):
                send_again(actor, failed)
        failed.refresh_from_db()
        assert failed.state == "failed"

    def test_a_message_that_is_on_its_way_is_left_alone(self, company, failed):
        Delivery.objects.filter(pk=failed.pk).update(state="sent")
        with pytest.raises(NotFailed):
            send_again(actor_for("owner", company), failed)


def test_numbers_as_esms_wants_them():
    assert national_number("+84901234567") == "0901234567"
    assert national_number("+919812345678") == "919812345678"
