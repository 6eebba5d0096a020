"""Telling people: who, on which channel, in which words, once."""

import pytest
from django.db import transaction

from apps.core.errors import NotFound
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.files.models import StoredFile
from apps.platform.notifications import registry
from apps.platform.notifications.errors import CannotSwitchOff, UnknownPreference
from apps.platform.notifications.models import Delivery, Notification, NotificationPreference, NotificationTemplate
from apps.platform.notifications.registry import NotificationType
from apps.platform.notifications.selectors import count_unread, list_notifications, list_preferences
from apps.platform.notifications.services import (
    delete_notification,
    mark_all_read,
    mark_read,
    notify_address,
    notify_users,
    save_preferences,
)
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


def tell(users, *, dedupe="d1", organization_id=None, **values):
    notify_users(
        "test.message", users, organization_id=organization_id, context=values, dedupe=dedupe, url="/garage/x/"
    )


def test_a_user_is_told_in_their_language_on_every_channel_of_the_type(settings):
    settings.SITE_URL = "https://baylink.example"
    company = OrganizationFactory(name="Gara Bình An")
    user = UserFactory(language="en")
    tell([user], organization_id=company.pk, note="A & B")

    row = Notification.objects.get()
    assert (row.user, row.organization_id, row.title) == (user, company.pk, "Test message from Gara Bình An")
    assert row.body == "This message shows that your notifications work. Note: A & B"
    assert row.url == "/garage/x/"
    mail = Delivery.objects.get(channel="email")
    assert (mail.address, mail.subject, mail.state) == (user.email, "Test message from Gara Bình An", "queued")
    assert mail.body.startswith(f"Hello {user.full_name},")
    assert mail.body.endswith("https://baylink.example/garage/x/")
    sms = Delivery.objects.get(channel="sms")
    assert (sms.address, sms.subject) == (user.phone, "")
    assert sms.body == "Gara Bình An: test message. A & B https://baylink.example/garage/x/"


def test_the_same_happening_reaches_nobody_twice():
    users = UserFactory.create_batch(2)
    tell(users)
    tell(users)
    tell(users, dedupe="d2")
    assert Notification.objects.count() == 4
    assert Delivery.objects.count() == 8


def test_the_bell_is_redrawn_through_an_event():
    user = UserFactory()
    tell([user])
    row = OutboxEvent.objects.get()
    assert (row.name, row.topics) == ("notifications.changed", [f"notifications:{user.pk}"])


def test_nothing_is_told_when_the_transaction_fails():
    with transaction.atomic():
        tell([UserFactory()])
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_inactive_people_and_missing_addresses_are_left_out():
    tell([UserFactory(is_active=False), UserFactory(email=None)])
    assert Notification.objects.count() == 1
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["sms"]


def test_very_long_addresses_keep_their_own_dedupe_key():
    addresses = [f"{letter * 60}@{'b' * 60}.{'c' * 60}.example" for letter in "xy"]
    for address in addresses * 2:
        notify_address("test.message", organization_id=None, language="vi", context={}, dedupe="d" * 100, email=address)
    assert sorted(Delivery.objects.values_list("address", flat=True)) == addresses


def test_an_address_without_account_gets_email_and_sms_with_attachments():
    company = OrganizationFactory()
    file = StoredFile.objects.create(
        organization=company, kind="document", file="files/a.pdf", original_name="a.pdf", content_type="x", size=1
    )
    notify_address(
        "test.message",
        organization_id=company.pk,
        language="vi",
        context={"url": "/e/abc/"},
        dedupe="d",
        email=" khach@example.com ",
        phone="+84901234567",
        attachments=[file],
    )
    mail, sms = Delivery.objects.order_by("channel")
    assert (mail.address, mail.attachments, mail.user) == ("khach@example.com", [str(file.pk)], None)
    assert (sms.address, sms.attachments) == ("+84901234567", [])
    assert sms.body.endswith("/e/abc/")


def test_an_unknown_type_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        notify_users("no.such", [], organization_id=None, context={}, dedupe="d")


def test_two_types_of_one_code_and_unknown_channels_are_refused(monkeypatch):
    monkeypatch.setattr(registry, "TYPES", {})
    registry.register(NotificationType(code="a.b"))
    with pytest.raises(ValueError, match="two notification types"):
        registry.register(NotificationType(code="a.b", category="other"))
    with pytest.raises(ValueError, match="unknown channels"):
        registry.register(NotificationType(code="c.d", channels=("pigeon",)))


class TestWording:
    def change(self, body, *, organization=None, subject="Đổi {{ note }}"):
        return NotificationTemplate.objects.create(
            organization=organization, type="test.message", channel="in_app", language="vi", subject=subject, body=body
        )

    def told(self, company, note="x"):
        tell([UserFactory()], organization_id=company.pk, note=note)
        return Notification.objects.get()

    def test_the_companys_wording_comes_before_the_platforms_and_the_shipped(self):
        company = OrganizationFactory()
        self.change("chung")
        self.change("riêng {{ note }}", organization=company)
        self.change("của người khác", organization=OrganizationFactory())
        row = self.told(company)
        assert (row.title, row.body) == ("Đổi x", "riêng x")

    def test_the_platforms_wording_holds_for_companies_without_their_own(self):
        self.change("chung")
        assert self.told(OrganizationFactory()).body == "chung"

    @pytest.mark.parametrize("body", ["{% if %}", "{{ note|nofilter }}", "{% load i18n %}", '{% include "x.html" %}'])
    def test_a_broken_wording_falls_back_to_the_shipped_text_and_is_reported_once(self, body):
        company = OrganizationFactory()
        template = self.change(body, organization=company)
        tell(UserFactory.create_batch(2), organization_id=company.pk)
        assert set(Notification.objects.values_list("title", flat=True)) == {f"Tin thử từ {company.name}"}
        entry = AuditLog.objects.get()
        assert (entry.action, entry.entity_id) == ("notification_template.broken", template.pk)
        assert entry.data["error"]


class TestPreferences:
    @pytest.fixture
    def types(self, monkeypatch):
        monkeypatch.setattr(registry, "TYPES", dict(registry.TYPES))
        security = NotificationType(code="test.security", category="security", channels=("in_app", "email"))
        registry.TYPES[security.code] = security

    def test_what_is_switched_off_does_not_come(self):
        actor = actor_for("advisor")
        user = UserFactory._meta.model.objects.get(pk=actor.user_id)
        save_preferences(actor, wanted={"general": {"email": False}})
        tell([user])
        assert list(Delivery.objects.values_list("channel", flat=True)) == ["sms"]
        save_preferences(actor, wanted={"general": {"email": True, "sms": False, "in_app": False}})
        tell([user], dedupe="d2")
        assert list(Delivery.objects.filter(dedupe_key__startswith="d2").values_list("channel", flat=True)) == ["email"]
        assert Notification.objects.count() == 1

    def test_security_messages_cannot_be_switched_off(self, types):
        actor = actor_for("advisor")
        with pytest.raises(CannotSwitchOff):
            save_preferences(actor, wanted={"general": {"email": False}, "security": {"email": False}})
        assert not NotificationPreference.objects.exists()
        NotificationPreference.objects.create(
            user_id=actor.user_id, category="security", channel="email", is_wanted=False
        )
        assert set(list_preferences(actor)["security"].values()) == {True}

    def test_unknown_names_are_refused(self):
        actor = actor_for("advisor")
        for wanted in ({"nonsense": {"email": True}}, {"general": {"pigeon": True}}):
            with pytest.raises(UnknownPreference):
                save_preferences(actor, wanted=wanted)
        assert not NotificationPreference.objects.exists()


class TestReading:
    @pytest.fixture
    def actor(self):
        return actor_for("advisor")

    @pytest.fixture
    def rows(self, actor):
        user = UserFactory._meta.model.objects.get(pk=actor.user_id)
        for number in range(3):
            tell([user, UserFactory()], dedupe=f"d{number}", organization_id=actor.organization_id)
        return list(list_notifications(actor))

    def test_only_ones_own_in_the_present_company(self, actor, rows):
        user = UserFactory._meta.model.objects.get(pk=actor.user_id)
        tell([user], dedupe="elsewhere", organization_id=OrganizationFactory().pk)
        assert len(rows) == 3
        assert list_notifications(actor).count() == 3
        assert count_unread(actor) == 3

    def test_reading_one_twice_keeps_the_first_time(self, actor, rows):
        first = mark_read(actor, rows[0].pk).read_at
        assert mark_read(actor, rows[0].pk).read_at == first
        assert count_unread(actor) == 2

    def test_reading_all(self, actor, rows):
        assert mark_all_read(actor) == 3
        assert mark_all_read(actor) == 0
        assert Notification.objects.filter(read_at__isnull=True).count() == 3

    def test_anybody_elses_is_not_found(self, actor, rows):
        foreign = Notification.objects.exclude(user_id=actor.user_id).first()
        for service in (mark_read, delete_notification):
            with pytest.raises(NotFound):
                service(actor, foreign.pk)
        assert Notification.objects.get(pk=foreign.pk).read_at is None

    def test_deleting(self, actor, rows):
        delete_notification(actor, rows[1].pk)
        assert list(list_notifications(actor)) == [rows[0], rows[2]]
