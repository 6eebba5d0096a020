"""The list of notifications, its settings, and the development inbox."""

import re

import pytest

from apps.platform.accounts.models import User
from apps.platform.files.services import store_document
from apps.platform.notifications.models import (
    Notification,
    NotificationPreference,
    PushSubscription,
    QuietHours,
    TelegramLink,
)
from apps.platform.notifications.services import notify_address, notify_users, read_update
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory
from tests.platform.notifications.simulators.push import Browser
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return actor_for("advisor")


def tell(actor, url="/notifications/", dedupe="d"):
    user = User.objects.get(pk=actor.user_id)
    notify_users("test.message", [user], organization_id=actor.organization_id, context={}, dedupe=dedupe, url=url)
    return Notification.objects.get(user=user, dedupe_key__startswith=f"{dedupe}:")


def test_the_list_asks_for_a_log_in():
    answer = browser_of().get("/notifications/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_the_list_shows_ones_own_and_follows_the_server(actor):
    row, foreign = tell(actor), tell(actor_for("advisor"))
    page = browser_of(actor).get("/notifications/").content.decode()
    assert f"/notifications/{row.pk}/open/" in page
    assert str(foreign.pk) not in page
    assert 'data-live="notifications"' in page


def test_opening_marks_as_read_and_leads_on(actor):
    row = tell(actor, url="/garage/job-cards/1/")
    answer = browser_of(actor).get(f"/notifications/{row.pk}/open/")
    assert answer["Location"] == "/garage/job-cards/1/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_an_address_elsewhere_is_not_followed(actor):
    row = tell(actor, url="https://evil.example/")
    assert browser_of(actor).get(f"/notifications/{row.pk}/open/")["Location"] == "/notifications/"


def test_anybody_elses_is_not_found(actor):
    foreign = tell(actor_for("advisor"))
    assert browser_of(actor).get(f"/notifications/{foreign.pk}/open/").status_code == 404
    assert browser_of(actor).post(f"/notifications/{foreign.pk}/delete/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_reading_all_and_deleting(actor):
    row = tell(actor)
    browser = browser_of(actor)
    assert browser.post("/notifications/read-all/").status_code == 302
    row.refresh_from_db()
    assert row.read_at is not None
    assert browser.get("/notifications/read-all/").status_code == 405
    browser.post(f"/notifications/{row.pk}/delete/")
    assert not Notification.objects.exists()


def test_settings_are_kept(actor):
    browser = browser_of(actor)
    for address in ("/notifications/preferences/", "/account/notifications/"):
        assert 'name="general:sms"' in browser.get(address).content.decode()
    browser.post("/account/notifications/", {"general:email": "on"})
    chosen = dict(NotificationPreference.objects.filter(category="general").values_list("channel", "is_wanted"))
    assert chosen == {"in_app": False, "email": True, "sms": False, "web_push": False}


def test_the_bell_says_how_far_the_page_has_come(actor):
    page = browser_of(actor).get("/garage/").content.decode()
    found = re.search(r'id="bell"[^>]*data-live-number="(\d+)"', page)
    assert found is not None


def test_unread_ones_alone_and_one_at_a_time(actor):
    read, unread = tell(actor, dedupe="d1"), tell(actor, dedupe="d2")
    browser = browser_of(actor)
    answer = browser.post(f"/notifications/{read.pk}/read/")
    assert answer["Location"] == "/notifications/"
    page = browser.get("/notifications/", {"show": "unread"}).content.decode()
    assert f"/notifications/{unread.pk}/open/" in page
    assert f"/notifications/{read.pk}/open/" not in page
    assert browser.post(f"/notifications/{tell(actor_for('advisor')).pk}/read/").status_code == 404


class TestOwnChannels:
    def test_quiet_hours_are_kept_and_mistakes_stand_beside_the_field(self, actor):
        browser = browser_of(actor)
        url = "/account/notifications/quiet-hours/"
        assert browser.post(url, {"is_on": "on", "begins_at": "22:30", "ends_at": "06:00"}).status_code == 302
        hours = QuietHours.objects.get(user_id=actor.user_id)
        assert (hours.is_on, str(hours.begins_at), str(hours.ends_at)) == (True, "22:30:00", "06:00:00")
        for wrong in ({"begins_at": "22:30", "ends_at": "22:30"}, {"begins_at": "x", "ends_at": "06:00"}):
            assert browser.post(url, wrong).status_code == 422
        hours.refresh_from_db()
        assert hours.is_on is True

    def test_a_code_for_telegram_is_shown_once(self, actor, settings):
        browser = browser_of(actor)
        assert "/account/notifications/telegram/" not in browser.get("/account/notifications/").content.decode()
        settings.TELEGRAM_BOT_NAME = "baylink_bot"
        page = browser.post("/account/notifications/telegram/").content.decode()
        code = re.search(r"https://t.me/baylink_bot\?start=(\w+)", page)[1]
        assert f"/start {code}" in page
        assert code not in browser.get("/account/notifications/").content.decode()
        read_update({"message": {"chat": {"id": 5}, "from": {"username": "mai"}, "text": f"/start {code}"}})
        assert "@mai" in browser.get("/account/notifications/").content.decode()
        browser.post("/account/notifications/telegram/end/")
        assert not TelegramLink.objects.exists()

    def test_a_browser_comes_and_goes(self, actor):
        browser, device = browser_of(actor), Browser("https://fcm.googleapis.com/fcm/send/abc", "")
        url, kind = "/account/notifications/browser/", "application/json"
        agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"}
        body = {"endpoint": device.endpoint, "keys": device.keys}
        assert browser.post(url, body, content_type=kind, headers=agent).status_code == 200
        assert PushSubscription.objects.get().device == "Chrome · Android"
        assert "Chrome · Android" in browser.get("/account/notifications/").content.decode()
        assert browser.post(url, {"endpoint": device.endpoint, "gone": True}, content_type=kind).status_code == 200
        assert not PushSubscription.objects.exists()
        for nonsense in ("[]", "x", "{}", '{"endpoint": "https://evil.example", "keys": {"p256dh": "a", "auth": "b"}}'):
            assert browser.post(url, nonsense, content_type=kind).status_code == 400
        assert not PushSubscription.objects.exists()

    def test_the_browsers_part_is_served_at_the_root(self):
        answer = browser_of().get("/push-worker.js")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        assert b"showNotification" in answer.content


class TestInbox:
    @pytest.fixture
    def company(self):
        return OrganizationFactory(name="Gara An")

    @pytest.fixture
    def messages(self, company):
        file = store_document(actor_for("owner", company), b"%PDF-1.7\n%%EOF", name="Hóa đơn.pdf")
        notify_address(
            "test.message",
            organization_id=company.pk,
            language="vi",
            context={"url": "/e/abc/", "note": "<script>alert(1)</script>"},
            dedupe="d",
            email="khach@example.com",
            phone="+84901234567",
            attachments=[file],
        )

    def test_it_shows_every_message_with_links_one_can_follow(self, messages, settings):
        page = browser_of().get("/dev/inbox/").content.decode()
        assert page.count("<article") == 2
        assert f'<a href="{settings.SITE_URL}/e/abc/"' in page
        assert "<script>alert" not in page
        assert "Hóa đơn.pdf" in page

    def test_one_address_alone(self, messages):
        page = browser_of().get("/dev/inbox/", {"address": "+84901234567"}).content.decode()
        assert page.count("<article") == 1
        assert 'data-channel="sms"' in page

    def test_its_live_part_is_a_fragment(self, messages):
        page = browser_of().get("/dev/inbox/", headers={"HX-Request": "true"}).content.decode()
        assert page.lstrip().startswith('<section id="inbox"')

    def test_there_is_none_outside_a_demo_installation(self, messages, settings):
        settings.DEMO = False
        assert browser_of().get("/dev/inbox/").status_code == 404
