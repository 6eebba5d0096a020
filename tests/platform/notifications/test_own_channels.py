"""What a person sets for themselves: a Telegram chat, browsers, quiet hours; security texts are not kept."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from apps.core.clock import now
from apps.core.errors import BadInput
from apps.platform.accounts.models import User
from apps.platform.notifications import registry
from apps.platform.notifications.errors import BadSubscription, TelegramAway, TextGone
from apps.platform.notifications.models import Delivery, PushSubscription, QuietHours, TelegramLink
from apps.platform.notifications.registry import NotificationType
from apps.platform.notifications.rules import end_of_quiet, is_news, measure_sms
from apps.platform.notifications.sealing import unsealed
from apps.platform.notifications.services import (
    make_telegram_code,
    notify_users,
    save_quiet_hours,
    send_again,
    send_due_deliveries,
    subscribe_browser,
    unlink_telegram,
)
from tests.factories.actors import actor_for
from tests.platform.notifications.simulators.push import Browser
from tests.support.api import api_client
from tests.support.portal import member_with

pytestmark = pytest.mark.django_db
UPDATES = "/api/v1/notifications/telegram/updates"
KEY = "B" * 87


@pytest.fixture
def actor():
    return actor_for("advisor")


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


class TestTelegramLink:
    @pytest.fixture(autouse=True)
    def _bot(self, settings):
        settings.TELEGRAM_BOT_NAME, settings.TELEGRAM_WEBHOOK_SECRET = "baylink_bot", "hook-secret"

    def write(self, text, *, chat=42, secret="hook-secret", kind="private"):
        update = {
            "update_id": 1,
            "message": {"chat": {"id": chat, "type": kind}, "from": {"username": "mai"}, "text": text},
        }
        return api_client().post(UPDATES, update, headers={"X-Telegram-Bot-Api-Secret-Token": secret})

    def test_a_code_links_the_chat_once(self, actor):
        code = make_telegram_code(actor)
        answer = self.write(f"/start {code}").json()
        assert (answer["method"], answer["chat_id"]) == ("sendMessage", 42)
        link = TelegramLink.objects.get()
        assert (link.user_id, link.chat_id, link.username, link.code_hash) == (actor.user_id, 42, "mai", "")
        self.write(f"/start {code}", chat=43)
        link.refresh_from_db()
        assert link.chat_id == 42

    def test_only_the_newest_code_and_only_for_ten_minutes(self, actor):
        old, new = make_telegram_code(actor), make_telegram_code(actor)
        self.write(f"/start {old}")
        with time_machine.travel(now() + timedelta(minutes=11)):
            self.write(f"/start {new}")
        assert TelegramLink.objects.get().chat_id is None
        self.write(f"/start {new.lower()}")
        assert TelegramLink.objects.get().chat_id == 42

    def test_the_code_is_not_kept_readable(self, actor):
        code = make_telegram_code(actor)
        assert code not in str(TelegramLink.objects.values_list().get())

    def test_a_chat_belongs_to_one_person(self, actor):
        other = actor_for("advisor")
        self.write(f"/start {make_telegram_code(actor)}")
        self.write(f"/start {make_telegram_code(other)}")
        assert [row.user_id for row in TelegramLink.objects.filter(chat_id=42)] == [other.user_id]

    def test_a_stranger_who_calls_the_webhook_is_refused(self, actor, settings):
        code = make_telegram_code(actor)
        assert self.write(f"/start {code}", secret="guess").status_code == 403
        settings.TELEGRAM_WEBHOOK_SECRET = ""
        assert self.write(f"/start {code}", secret="").status_code == 403
        assert TelegramLink.objects.get().chat_id is None

    def test_groups_are_not_linked(self, actor):
        assert self.write(f"/start {make_telegram_code(actor)}", kind="group").json() == {}
        assert TelegramLink.objects.get().chat_id is None

    def test_stop_and_blocking_end_the_link(self, actor):
        self.write(f"/start {make_telegram_code(actor)}")
        self.write("/stop")
        assert not TelegramLink.objects.exists()
        self.write(f"/start {make_telegram_code(actor)}")
        update = {"my_chat_member": {"chat": {"id": 42}, "new_chat_member": {"status": "kicked"}}}
        api_client().post(UPDATES, update, headers={"X-Telegram-Bot-Api-Secret-Token": "hook-secret"})
        assert not TelegramLink.objects.exists()

    def test_the_person_ends_it(self, actor):
        self.write(f"/start {make_telegram_code(actor)}")
        assert unlink_telegram(actor) is True
        assert unlink_telegram(actor) is False

    @pytest.mark.parametrize(
        "body", ["[]", "x", '{"message": 1}', '{"message": {"chat": {"id": "a"}, "text": "/start A"}}']
    )
    def test_nonsense_changes_nothing(self, body):
        headers = {"X-Telegram-Bot-Api-Secret-Token": "hook-secret"}
        answer = api_client().generic("POST", UPDATES, body, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 400)
        assert not TelegramLink.objects.exists()

    def test_without_a_bot_there_is_no_code(self, actor, settings):
        settings.TELEGRAM_BOT_NAME = ""
        with pytest.raises(TelegramAway):
            make_telegram_code(actor)

    def test_the_api_shows_and_ends_it(self):
        client = api_client(actor=member_with())
        url = "/api/v1/notifications/telegram"
        made = client.post(url).json()["data"]
        assert made["url"] == f"https://t.me/baylink_bot?start={made['code']}"
        assert client.get(url).json()["data"] == {"isAvailable": True, "isLinked": False, "username": ""}
        self.write(f"/start {made['code']}")
        assert client.get(url).json()["data"] == {"isAvailable": True, "isLinked": True, "username": "mai"}
        assert client.delete(url).status_code == 204
        assert not TelegramLink.objects.exists()


class TestBrowsers:
    @pytest.fixture
    def browser(self):
        return Browser("https://fcm.googleapis.com/fcm/send/abc", "")

    def test_a_browser_is_kept_once_and_forgotten(self, actor, browser):
        for _time in range(2):
            subscribe_browser(actor, endpoint=browser.endpoint, device="Chrome", **browser.keys)
        assert PushSubscription.objects.get().user_id == actor.user_id
        other = actor_for("advisor")
        subscribe_browser(other, endpoint=browser.endpoint, **browser.keys)
        assert PushSubscription.objects.get().user_id == other.user_id

    @pytest.mark.parametrize(
        "endpoint",
        [
            "https://evil.example/push",
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://fcm.googleapis.com@127.0.0.1/x",
            "https://evilfcm.googleapis.com/x",
            "http://127.0.0.1:8000/x",
        ],
    )
    def test_only_known_push_services_are_called(self, actor, browser, endpoint):
        with pytest.raises(BadSubscription):
            subscribe_browser(actor, endpoint=endpoint, **browser.keys)
        assert not PushSubscription.objects.exists()

    @pytest.mark.parametrize("keys", [{"p256dh": KEY, "auth": "A" * 22}, {"p256dh": "x", "auth": "y"}])
    def test_keys_that_are_none_are_refused(self, actor, browser, keys):
        with pytest.raises(BadSubscription):
            subscribe_browser(actor, endpoint=browser.endpoint, **keys)

    def test_the_api_shows_the_servers_key_and_the_browsers(self, browser):
        client = api_client(actor=member_with())
        url = "/api/v1/notifications/push"
        assert (
            client.post(url, {"endpoint": browser.endpoint, "keys": browser.keys, "device": "Pixel"}).status_code == 201
        )
        shown = client.get(url).json()["data"]
        assert len(shown["publicKey"]) == 87
        assert [(one["endpoint"], one["device"]) for one in shown["browsers"]] == [(browser.endpoint, "Pixel")]
        assert client.delete(url, {"endpoint": browser.endpoint}).status_code == 204
        assert not PushSubscription.objects.exists()


class TestQuietHours:
    # 23:00 in Ho Chi Minh City.
    NIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

    def tell(self, actor, code="test.message"):
        notify_users(code, [user_of(actor)], organization_id=None, context={}, dedupe=f"d:{code}")

    @pytest.fixture
    def quiet(self, actor):
        return save_quiet_hours(actor, is_on=True, begins_at=time(22), ends_at=time(7))

    def test_what_waits_is_sent_once_at_the_end(self, actor, quiet):
        self.tell(actor)
        with time_machine.travel(self.NIGHT, tick=False):
            assert send_due_deliveries() == 0
            waiting = Delivery.objects.filter(state="queued")
            assert set(waiting.values_list("next_try_at", "attempts", "provider")) == {
                (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), 0, "")
            }
            assert send_due_deliveries() == 0
        with time_machine.travel(datetime(2026, 11, 21, 0, 0, 1, tzinfo=UTC)):
            assert send_due_deliveries() == 2
            assert send_due_deliveries() == 0

    def test_security_messages_pass(self, actor, quiet):
        self.tell(actor, "user.password_changed")
        with time_machine.travel(self.NIGHT):
            assert send_due_deliveries() == 1

    def test_by_the_users_own_clock(self, actor, quiet):
        User.objects.filter(pk=actor.user_id).update(timezone="Europe/Berlin")
        self.tell(actor)
        with time_machine.travel(self.NIGHT):
            assert send_due_deliveries() == 2

    def test_switching_them_off_lets_go_of_what_waits(self, actor, quiet):
        self.tell(actor)
        with time_machine.travel(self.NIGHT, tick=False):
            send_due_deliveries()
            save_quiet_hours(actor, is_on=False, begins_at=time(22), ends_at=time(7))
            assert send_due_deliveries() == 2

    def test_hours_that_never_end_are_refused(self, actor):
        with pytest.raises(BadInput):
            save_quiet_hours(actor, is_on=True, begins_at=time(7), ends_at=time(7))
        assert not QuietHours.objects.exists()

    @pytest.mark.parametrize(
        ("begins", "ends", "at", "expected"),
        [
            (time(22), time(7), datetime(2026, 11, 20, 14, 59, tzinfo=UTC), None),
            (time(22), time(7), datetime(2026, 11, 20, 15, 0, tzinfo=UTC), datetime(2026, 11, 21, 0, 0, tzinfo=UTC)),
            (time(22), time(7), datetime(2026, 11, 20, 23, 59, tzinfo=UTC), datetime(2026, 11, 21, 0, 0, tzinfo=UTC)),
            (time(22), time(7), datetime(2026, 11, 21, 0, 0, tzinfo=UTC), None),
            (time(12), time(13), datetime(2026, 11, 20, 5, 30, tzinfo=UTC), datetime(2026, 11, 20, 6, 0, tzinfo=UTC)),
        ],
    )
    def test_when_they_end(self, begins, ends, at, expected):
        assert end_of_quiet(begins, ends, zone="Asia/Ho_Chi_Minh", at=at) == expected

    def test_the_api_shows_and_keeps_them(self):
        client = api_client(actor=member_with())
        url = "/api/v1/notifications/quiet-hours"
        assert client.get(url).json()["data"] == {"isOn": False, "beginsAt": "22:00", "endsAt": "07:00"}
        wanted = {"isOn": True, "beginsAt": "21:30", "endsAt": "06:00"}
        assert client.put(url, wanted).json()["data"] == wanted
        assert client.put(url, {**wanted, "endsAt": "21:30"}).status_code == 400


class TestSecurityTexts:
    @pytest.fixture
    def secret(self, monkeypatch):
        monkeypatch.setitem(
            registry.TYPES,
            "test.message",
            NotificationType(code="test.message", category="security", channels=("email",)),
        )

    def sent(self, actor):
        notify_users("test.message", [user_of(actor)], organization_id=None, context={"note": "123456"}, dedupe="d")
        send_due_deliveries()
        return Delivery.objects.get()

    def test_their_text_is_gone_once_it_is_out(self, actor, secret, settings):
        settings.EMAIL_PROVIDER = "smtp"
        row = self.sent(actor)
        assert (row.state, row.subject, row.body, row.url) == ("sent", "", "", "")
        Delivery.objects.filter(pk=row.pk).update(state="failed", organization=actor.organization_id)
        row.refresh_from_db()
        with pytest.raises(TextGone):
            send_again(actor_for("owner", organization=row.organization), row)

    def test_a_demo_inbox_keeps_it_and_another_one_does_not(self, actor, secret, settings):
        row = self.sent(actor)
        assert (row.body, "123456" in unsealed(row).body) == ("", True)
        Delivery.objects.all().delete()
        settings.DEMO = False
        row = self.sent(actor)
        assert (row.body, row.sealed) == ("", None)

    def test_other_texts_stay(self, actor, settings):
        settings.EMAIL_PROVIDER = "smtp"
        notify_users("test.message", [user_of(actor)], organization_id=None, context={}, dedupe="d")
        send_due_deliveries()
        assert Delivery.objects.get(channel="email").body != ""


@pytest.mark.parametrize(
    ("text", "letters", "segments", "is_unicode"),
    [
        ("", 0, 1, False),
        ("a" * 160, 160, 1, False),
        ("a" * 161, 161, 2, False),
        ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False),
        ("€" * 80, 160, 1, False),
        ("€" * 81, 162, 2, False),
        ("đ" * 70, 70, 1, True),
        ("đ" * 71, 71, 2, True),
        ("ạ" * 134, 134, 2, True),
        ("😀" * 35, 70, 1, True),
    ],
)
def test_how_many_messages_a_text_takes(text, letters, segments, is_unicode):
    size = measure_sms(text)
    assert (size.letters, size.segments, size.is_unicode) == (letters, segments, is_unicode)


def test_receipts_only_go_forward():
    order = ("queued", "sent", "failed", "delivered")
    for place, known in enumerate(order):
        assert [is_news(known, other) for other in order] == [other > place for other in range(4)]
    assert is_news("suppressed", "delivered") is False
    assert is_news("sent", "nonsense") is False
