"""Every channel against a provider on loopback that speaks the true protocol."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from apps.core.clock import now
from apps.platform.notifications.models import Delivery, PushSubscription, TelegramLink
from apps.platform.notifications.senders import vapid
from apps.platform.notifications.senders.twilio import TwilioSender
from apps.platform.notifications.services import (
    notify_address,
    notify_users,
    record_receipt,
    send_again,
    send_due_deliveries,
    subscribe_browser,
)
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.platform.notifications.simulators.mail import API_KEY, SIGNING_KEY, MailgunSimulator, MailServer
from tests.platform.notifications.simulators.push import PushSimulator
from tests.platform.notifications.simulators.server import Answer
from tests.platform.notifications.simulators.sms import SID, TOKEN, EsmsSimulator, TwilioSimulator, sign
from tests.platform.notifications.simulators.telegram import TOKEN as BOT
from tests.platform.notifications.simulators.telegram import TelegramSimulator, too_many
from tests.support.api import api_client

pytestmark = pytest.mark.django_db
HOOK = "/api/v1/notifications/receipts"


def tell(user, dedupe="d", **values):
    notify_users("test.message", [user], organization_id=None, context=values, dedupe=dedupe, url="/garage/x/")


def queue(*, email="", phone="", note=""):
    notify_address(
        "test.message",
        organization_id=None,
        language="vi",
        context={"url": "/x/", "note": note},
        dedupe="d",
        email=email,
        phone=phone,
    )
    return Delivery.objects.get()


def state_of(row):
    row.refresh_from_db()
    return row.state


class TestTelegram:
    @pytest.fixture
    def telegram(self, settings):
        with TelegramSimulator().running() as simulator:
            settings.TELEGRAM_PROVIDER, settings.TELEGRAM_BASE_URL = "telegram", simulator.base
            settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_BOT_NAME = BOT, "baylink_bot"
            yield simulator

    @pytest.fixture
    def user(self):
        user = UserFactory(language="en")
        TelegramLink.objects.create(user=user, chat_id=42, linked_at=now())
        return user

    def send(self, user, **values):
        tell(user, **values)
        send_due_deliveries()
        return Delivery.objects.filter(channel="telegram").latest("id")

    def test_the_chat_gets_title_text_and_link(self, telegram, user, settings):
        settings.SITE_URL = "https://baylink.example"
        row = self.send(user, note="<b>A & B</b>")
        assert (row.state, row.provider_id, row.address) == ("sent", "1", "42")
        text = telegram.messages[0]["text"]
        assert text.startswith("<b>Test message from Baylink</b>\n\n")
        assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in text
        assert text.endswith("https://baylink.example/garage/x/")

    def test_a_long_text_is_cut_to_what_telegram_takes(self, telegram, user):
        assert self.send(user, note="& " * 3000).state == "sent"
        assert len(telegram.messages[0]["text"]) <= 4096

    @pytest.mark.parametrize("fault", ["blocked", "unknown"])
    def test_a_blocked_bot_ends_the_link(self, telegram, user, fault):
        if fault == "blocked":
            telegram.blocked.add("42")
        else:
            telegram.chats.clear()
        row = self.send(user)
        assert row.state == "suppressed"
        assert not TelegramLink.objects.exists()
        tell(user, dedupe="d2")
        assert Delivery.objects.filter(channel="telegram").count() == 1

    def test_when_telegram_asks_to_wait_it_waits(self, telegram, user):
        telegram.next_answers.append(too_many(400))
        with time_machine.travel(now(), tick=False):
            row = self.send(user)
            assert (row.state, row.next_try_at) == ("queued", now() + timedelta(seconds=400))
        with time_machine.travel(row.next_try_at + timedelta(seconds=1)):
            assert send_due_deliveries() == 1
        assert len(telegram.messages) == 1

    def test_the_token_is_in_no_error(self, user, settings):
        settings.TELEGRAM_PROVIDER, settings.TELEGRAM_BASE_URL = "telegram", "http://127.0.0.1:9"
        settings.TELEGRAM_BOT_TOKEN = BOT
        row = self.send(user)
        assert row.state == "queued"
        assert BOT not in row.error


class TestWebPush:
    @pytest.fixture
    def push(self, settings):
        with PushSimulator().running() as simulator:
            settings.PUSH_PROVIDER, settings.PUSH_SERVICE_HOSTS = "web_push", ["127.0.0.1"]
            settings.VAPID_PRIVATE_KEY = vapid.make_key()
            yield simulator

    @pytest.fixture
    def actor(self):
        return actor_for("advisor")

    @pytest.fixture
    def browser(self, push, actor):
        found = push.subscribe(vapid.public_key())
        subscribe_browser(actor, endpoint=found.endpoint, device="Chrome", **found.keys)
        return found

    def send(self, actor, dedupe="d"):
        user = PushSubscription.objects.get(user_id=actor.user_id).user
        tell(user, dedupe=dedupe, note="Đã xong")
        send_due_deliveries()
        return Delivery.objects.filter(channel="web_push").latest("id")

    def test_the_browser_reads_what_was_encrypted_for_it(self, actor, browser, settings):
        settings.SITE_URL = "https://baylink.example"
        row = self.send(actor)
        assert row.state == "sent"
        shown = browser.shown[0]
        assert (shown["title"], shown["tag"]) == (row.subject, str(row.pk))
        assert "Đã xong" in shown["body"]
        assert shown["url"] == "https://baylink.example/garage/x/"
        assert PushSubscription.objects.get().last_used_at is not None

    def test_a_browser_that_left_is_forgotten(self, actor, browser, push):
        push.leave(browser)
        assert self.send(actor).state == "suppressed"
        assert not PushSubscription.objects.exists()
        assert browser.shown == []

    def test_another_key_than_the_subscribed_one_is_refused(self, actor, browser, settings):
        settings.VAPID_PRIVATE_KEY = vapid.make_key()
        row = self.send(actor)
        assert (row.state, row.error) == ("failed", "push service answered 403")
        assert PushSubscription.objects.exists()

    def test_a_tired_push_service_is_asked_later(self, actor, browser, push):
        push.next_answers.append(Answer(503, headers={"Retry-After": "600"}))
        row = self.send(actor)
        assert row.state == "queued"
        assert row.next_try_at > now() + timedelta(seconds=500)


class TestTwilio:
    @pytest.fixture
    def twilio(self, settings):
        with TwilioSimulator().running() as simulator:
            settings.SMS_PROVIDER, settings.TWILIO_BASE_URL = "twilio", simulator.base
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = SID, TOKEN, "+1500"
            yield simulator

    @pytest.fixture
    def sent(self, twilio):
        row = queue(phone="+84901234567")
        assert send_due_deliveries() == 1
        row.refresh_from_db()
        return row

    def post(self, report, signature=None):
        url, form, signed = report
        path = "/" + url.split("/", 3)[3]
        return api_client().post(path, form, format="multipart", headers={"X-Twilio-Signature": signature or signed})

    def test_published_vector(self):
        form = {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
        assert sign("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="

    def test_a_receipt_says_it_arrived(self, twilio, sent):
        assert self.post(twilio.report(sent.provider_id, "sent")).status_code == 204
        assert state_of(sent) == "sent"
        assert self.post(twilio.report(sent.provider_id, "delivered")).status_code == 204
        assert state_of(sent) == "delivered"
        assert sent.delivered_at is not None

    def test_receipts_never_go_back(self, twilio, sent):
        for status in ("delivered", "sent", "undelivered", "queued"):
            self.post(twilio.report(sent.provider_id, status, "30003" if status == "undelivered" else ""))
        assert (state_of(sent), sent.error) == ("delivered", "")

    def test_a_late_delivery_after_a_failure_is_news(self, twilio, sent):
        self.post(twilio.report(sent.provider_id, "undelivered", "30003"))
        assert (state_of(sent), sent.error) == ("failed", "Twilio 30003")
        self.post(twilio.report(sent.provider_id, "delivered"))
        assert (state_of(sent), sent.error) == ("delivered", "")

    def test_a_forged_receipt_is_refused(self, twilio, sent):
        url, form, _signed = twilio.report(sent.provider_id, "delivered")
        for signature in ("x", sign(url, form, "another"), sign(url + "x", form)):
            assert self.post((url, form, ""), signature).status_code == 403
        assert state_of(sent) == "sent"

    def test_without_a_token_nobody_can_sign(self, twilio, sent, settings):
        report = twilio.report(sent.provider_id, "delivered")
        settings.TWILIO_AUTH_TOKEN = ""
        assert self.post((report[0], report[1], sign(report[0], report[1], "")), None).status_code == 403
        assert state_of(sent) == "sent"

    def test_a_receipt_that_is_quicker_than_the_answer_is_kept(self, twilio, monkeypatch):
        row = queue(phone="+84901234567")
        send = TwilioSender.send

        def send_and_hear(sender, message):
            sid = send(sender, message)
            record_receipt(row.pk, provider="twilio", state="delivered")
            return sid

        monkeypatch.setattr(TwilioSender, "send", send_and_hear)
        send_due_deliveries()
        assert state_of(row) == "delivered"
        assert row.provider_id.startswith("SM")
        assert row.sent_at is not None


class TestEsms:
    @pytest.fixture
    def esms(self, settings):
        with EsmsSimulator().running() as simulator:
            settings.SMS_PROVIDER, settings.ESMS_BASE_URL = "esms", simulator.base
            settings.ESMS_API_KEY, settings.ESMS_SECRET_KEY = "key", "secret"
            yield simulator

    def get(self, url):
        return api_client().get("/" + url.split("/", 3)[3])

    def test_accents_arrive_and_the_receipt_counts(self, esms):
        row = queue(phone="+84901234567", note="Đã xong")
        assert send_due_deliveries() == 1
        assert esms.messages[str(row.pk)]["Content"] == row.body
        assert self.get(esms.report(str(row.pk))).status_code == 200
        assert state_of(row) == "delivered"

    def test_a_failed_one_is_listed_and_sent_again_under_a_new_number(self, esms):
        row = queue(phone="+84901234567")
        send_due_deliveries()
        self.get(esms.report(str(row.pk), success=0))
        assert state_of(row) == "failed"
        send_again(replace(actor_for("owner"), is_platform_staff=True), row)
        assert send_due_deliveries() == 1
        assert list(esms.messages) == [str(row.pk), f"{row.pk}-1"]
        # A report about the first sending, told once more, says nothing about the second.
        assert self.get(esms.report(str(row.pk), success=0)).status_code == 403
        row.refresh_from_db()
        assert row.state == "sent"
        assert self.get(esms.report(f"{row.pk}-1")).status_code == 200
        row.refresh_from_db()
        assert row.state == "delivered"

    def test_a_guessed_address_is_refused(self, esms):
        row = queue(phone="+84901234567")
        send_due_deliveries()
        url = esms.report(str(row.pk))
        forged = url.replace(url.split("?")[0][-10:], "0123456789")
        assert self.get(forged).status_code == 403
        assert state_of(row) == "sent"


class TestMail:
    def test_smtp_gets_a_letter_with_text_and_html(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PROVIDER = "smtp"
        with MailServer().running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            row = queue(email="khach@example.com", note="Đã xong")
            assert send_due_deliveries() == 1
        letter = server.letters[0]
        assert (letter["To"], letter["Content-Language"]) == ("khach@example.com", "vi")
        assert letter["Message-ID"] == f"<{row.pk}@baylink.example>"
        assert "Đã xong" in letter.get_body(("plain",)).get_content()
        assert "<html" in letter.get_body(("html",)).get_content()
        assert letter["List-Unsubscribe"] is None

    def test_an_unknown_receiver_fails_at_once(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PROVIDER = "smtp"
        with MailServer().running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            row = queue(email="khach@nobody.example")
            send_due_deliveries()
        assert state_of(row) == "failed"
        assert server.letters == []

    @pytest.fixture
    def mailgun(self, settings):
        with MailgunSimulator().running() as simulator:
            settings.EMAIL_PROVIDER = "mailgun"
            settings.ANYMAIL = {
                "MAILGUN_API_URL": f"{simulator.base}/v3",
                "MAILGUN_API_KEY": API_KEY,
                "MAILGUN_SENDER_DOMAIN": "mg.example",
                "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
            }
            yield simulator

    def report(self, mailgun, row, event, **extra):
        return api_client().post(f"{HOOK}/mailgun", mailgun.report(str(row.pk), event, **extra))

    def test_mailgun_takes_it_and_reports(self, mailgun):
        row = queue(email="khach@example.com")
        assert send_due_deliveries() == 1
        assert state_of(row) == "sent"
        assert (row.provider, row.provider_id) == ("mailgun", "<1@mg.example>")
        assert self.report(mailgun, row, "opened").status_code == 200
        assert state_of(row) == "sent"
        assert self.report(mailgun, row, "failed", severity="temporary").status_code == 200
        assert state_of(row) == "sent"
        assert self.report(mailgun, row, "delivered").status_code == 200
        assert self.report(mailgun, row, "failed", severity="permanent").status_code == 200
        assert state_of(row) == "delivered"

    def test_a_bounce_is_a_failure_with_its_cause(self, mailgun):
        row = queue(email="khach@example.com")
        send_due_deliveries()
        status = {"code": 550, "message": "mailbox full"}
        self.report(mailgun, row, "failed", severity="permanent", reason="bounce", **{"delivery-status": status})
        assert state_of(row) == "failed"
        assert "mailbox full" in row.error

    def test_forged_reports_are_refused(self, mailgun, settings):
        row = queue(email="khach@example.com")
        send_due_deliveries()
        assert self.report(mailgun, row, "delivered", key="another").status_code == 403
        settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY": ""}
        assert self.report(mailgun, row, "delivered").status_code == 404
        assert state_of(row) == "sent"
