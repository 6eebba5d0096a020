"""Offers: only for those who agreed, labelled, with a way out, by day, and not too many."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.core.actor import system_actor
from apps.core.errors import BadInput, NotFound
from apps.engines.customers.models import Customer
from apps.platform.accounts.models import Consent
from apps.platform.accounts.selectors import agrees_to
from apps.platform.accounts.services import record_consent
from apps.platform.notifications.models import (
    BulkSend,
    Delivery,
    Notification,
    NotificationTemplate,
    PushSubscription,
    QuietHours,
    TelegramLink,
)
from apps.platform.notifications.promotions import MOST_A_DAY
from apps.platform.notifications.services import (
    create_bulk_send,
    find_mailing,
    notify_address,
    notify_users,
    send_due_deliveries,
    start_bulk_send,
    unsubscribe,
)
from apps.platform.notifications.services.bulk import JOB
from apps.platform.system.jobs.running import run_next
from apps.platform.system.models import JobRun
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
# Saigon is seven hours ahead.
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
WORDS = {"subject": "Ưu đãi tháng 12", "text": "Giảm 10%", "name": "Mai"}
MAILING = {"name": "x", "audience": "customers", "subject": "Ưu đãi", "body": "Giảm 10%", "per_minute": 600}


def say(user, *, is_granted):
    record_consent(system_actor(), kind=Consent.Kind.MARKETING, is_granted=is_granted, source="account", user=user)


@pytest.fixture
def everywhere():
    """Somebody with an address on every channel, who was never asked."""
    user = UserFactory(phone="+84901234567", language="vi")
    TelegramLink.objects.create(user=user, chat_id=777, linked_at=NOON)
    PushSubscription.objects.create(user=user, endpoint="https://push.example/1", p256dh="k", auth="a")
    return user


@pytest.fixture
def actor():
    return actor_for("owner")


def offer(*users, dedupe="offer:1"):
    notify_users("promotion.sent", users, organization_id=None, context=WORDS, dedupe=dedupe)


def customer_of(actor, **fields):
    return Customer.objects.create(
        organization_id=actor.organization_id,
        code=f"KH-{Customer.objects.count()}",
        name="Mai",
        has_marketing_consent=True,
        **{"email": "mai@example.com", "phone": "+84901234567", **fields},
    )


def mail_out(actor, channel="sms", **words):
    """A mailing to the customers, queued."""
    row = create_bulk_send(actor, **{**MAILING, "channel": channel, **words})
    row = start_bulk_send(actor, row)
    run_next(JOB)
    # Nobody else is to come; the next mailing need not wait for this one.
    BulkSend.objects.filter(pk=row.pk).update(state="done")
    JobRun.objects.filter(pk=row.job_id).update(state="done")
    return list(row.deliveries.all())


class TestConsent:
    def test_who_was_never_asked_and_who_refused_gets_nothing_on_any_channel(self, everywhere):
        offer(everywhere)
        assert (Delivery.objects.count(), Notification.objects.count()) == (0, 0)
        say(everywhere, is_granted=False)
        offer(everywhere)
        assert (Delivery.objects.count(), Notification.objects.count()) == (0, 0)

    def test_who_agreed_gets_it_on_all_channels_that_are_wanted(self, everywhere):
        say(everywhere, is_granted=True)
        offer(everywhere)
        found = set(Delivery.objects.values_list("channel", flat=True))
        assert found == {"email", "sms", "telegram", "web_push"}
        assert Notification.objects.get().title == "[QC] Ưu đãi tháng 12"

    def test_one_refusal_among_many_is_found(self):
        users = UserFactory.create_batch(3)
        for number, user in enumerate(users):
            say(user, is_granted=True)
            if number == 1:
                say(user, is_granted=False)
        offer(*users)
        assert set(Delivery.objects.values_list("user_id", flat=True)) == {users[0].pk, users[2].pk}

    def test_taken_back_while_it_waits(self, everywhere):
        say(everywhere, is_granted=True)
        offer(everywhere)
        say(everywhere, is_granted=False)
        with time_machine.travel(NOON):
            assert send_due_deliveries() == 0
        assert set(Delivery.objects.values_list("state", "error")) == {("suppressed", "unsubscribed")}

    def test_messages_that_are_no_offers_need_no_consent(self, everywhere):
        notify_users("test.message", [everywhere], organization_id=None, context={"note": "x"}, dedupe="t")
        assert Delivery.objects.filter(channel="email").exists()

    def test_an_address_alone_proves_no_consent(self):
        with pytest.raises(ValueError, match="needs an audience"):
            notify_address(
                "promotion.sent", organization_id=None, language="vi", context=WORDS, dedupe="x", email="a@example.com"
            )
        assert not Delivery.objects.exists()

    def test_what_a_customer_said_in_their_account_outweighs_the_note_of_the_company(self, actor, everywhere):
        say(everywhere, is_granted=False)
        customer_of(actor, user=everywhere)
        customer_of(actor, email="an@example.com", phone="+84907654321")
        assert [row.address for row in mail_out(actor)] == ["+84907654321"]

    def test_a_customer_who_takes_it_back_before_it_goes_out(self, actor):
        row = customer_of(actor)
        mail_out(actor)
        Customer.objects.filter(pk=row.pk).update(has_marketing_consent=False)
        with time_machine.travel(NOON):
            assert send_due_deliveries() == 0
        assert Delivery.objects.values_list("state", "error").get() == ("suppressed", "unsubscribed")


class TestLabelAndWayOut:
    @pytest.mark.parametrize(("language", "label"), [("vi", "[QC] "), ("en", "[AD] ")])
    def test_in_front_and_at_the_end(self, actor, language, label):
        customer_of(actor, language=language)
        (letter,) = mail_out(actor, "email")
        (sms,) = mail_out(actor, "sms")
        assert letter.subject == f"{label}Ưu đãi"
        assert sms.body.startswith(label)
        assert re.search(r"/notifications/unsubscribe/[\w:.-]+/$", letter.body)
        assert re.search(rf"/u/{sms.opt_out_code}/$", sms.body)
        assert re.fullmatch(r"[A-Za-z0-9]{10}", sms.opt_out_code)

    def test_a_wording_of_the_company_that_forgets_them_gets_them_all_the_same(self, actor):
        customer_of(actor)
        for channel in ("email", "sms"):
            NotificationTemplate.objects.create(
                organization_id=actor.organization_id,
                type="promotion.sent",
                channel=channel,
                language="vi",
                subject="" if channel == "sms" else "{{ subject }}",
                body="{{ text }}",
            )
        (letter,) = mail_out(actor, "email")
        (sms,) = mail_out(actor, "sms")
        assert letter.subject == "[QC] Ưu đãi"
        assert re.fullmatch(r"Giảm 10%\n\nTừ chối nhận: \S+/notifications/unsubscribe/\S+/", letter.body)
        assert re.fullmatch(r"\[QC\] Giảm 10%\. Từ chối nhận: \S+/u/\w{10}/", sms.body)

    def test_what_is_added_counts_towards_the_length_of_an_sms(self, actor):
        with pytest.raises(BadInput) as caught:
            create_bulk_send(actor, **{**MAILING, "channel": "sms", "body": "ạ" * (6 * 67 - 20)})
        assert list(caught.value.errors) == ["body"]
        create_bulk_send(actor, **{**MAILING, "channel": "sms", "body": "ạ" * (6 * 67 - 140)})


class TestWayOut:
    def test_the_short_address_of_an_sms_asks_and_then_does_it(self, actor):
        customer_of(actor)
        (sms,) = mail_out(actor)
        path = f"/u/{sms.opt_out_code}/"
        page = browser_of().get(path)
        assert page.status_code == 200
        assert Customer.objects.get().has_marketing_consent is True
        assert browser_of().post(path).status_code == 200
        assert Customer.objects.get().has_marketing_consent is False
        sms.refresh_from_db()
        assert (sms.state, sms.error) == ("suppressed", "unsubscribed")

    @pytest.mark.parametrize("code", ["x" * 10, "", "a", "%00", "x" * 300])
    def test_a_guessed_one_does_nothing(self, actor, code):
        customer_of(actor)
        mail_out(actor)
        assert browser_of().post(f"/u/{code}/").status_code == 404
        assert Customer.objects.get().has_marketing_consent is True

    def test_an_offer_to_an_account_takes_its_consent_back(self, everywhere):
        say(everywhere, is_granted=True)
        offer(everywhere)
        letter, sms = Delivery.objects.get(channel="email"), Delivery.objects.get(channel="sms")
        token = re.search(r"/notifications/unsubscribe/([^/]+)/", letter.body)[1]
        assert unsubscribe(token) == "Baylink"
        assert agrees_to(everywhere.pk, Consent.Kind.MARKETING) is False
        assert Consent.objects.latest("pk").source == "unsubscribe"
        sms.refresh_from_db()
        assert sms.state == "queued"
        with time_machine.travel(NOON):
            assert send_due_deliveries() == 0

    def test_messages_that_are_no_offers_have_none(self, everywhere):
        notify_users("test.message", [everywhere], organization_id=None, context={"note": "x"}, dedupe="t")
        row = Delivery.objects.get(channel="sms")
        assert (row.opt_out_code, "/u/" in row.body) == ("", False)
        with pytest.raises(NotFound):
            find_mailing("")


class TestHours:
    @pytest.mark.parametrize(
        ("local", "goes"),
        [("06:59", False), ("07:00", True), ("21:59", True), ("22:00", False), ("23:30", False), ("00:30", False)],
    )
    def test_sms_only_by_day(self, actor, local, goes):
        customer_of(actor)
        mail_out(actor)
        hour, minute = map(int, local.split(":"))
        at = NOON.replace(hour=(hour - 7) % 24, minute=minute)
        with time_machine.travel(at, tick=False):
            assert send_due_deliveries() == goes
        row = Delivery.objects.get()
        assert row.state == ("sent" if goes else "queued")
        if not goes:
            assert row.next_try_at.strftime("%H:%M") == "00:00"
            with time_machine.travel(row.next_try_at, tick=False):
                assert send_due_deliveries() == 1

    def test_the_clock_is_that_of_the_company(self, actor):
        customer_of(actor)
        organization = mail_out(actor)[0].organization
        organization.timezone = "Asia/Kolkata"
        organization.save()
        with time_machine.travel(NOON.replace(hour=1, minute=20), tick=False):
            assert send_due_deliveries() == 0
        assert Delivery.objects.get().next_try_at == NOON.replace(hour=1, minute=30)

    def test_letters_and_messages_that_are_no_offers_go_at_night(self, actor):
        customer_of(actor)
        mail_out(actor, "email")
        notify_address(
            "test.message", organization_id=None, language="vi", context={"note": "x"}, dedupe="t", phone="+84901234567"
        )
        with time_machine.travel(NOON.replace(hour=17), tick=False):
            assert send_due_deliveries() == 2

    def test_the_later_of_night_and_own_quiet_hours_holds(self, actor, everywhere):
        QuietHours.objects.create(user=everywhere, begins_at="21:00", ends_at="09:00")
        say(everywhere, is_granted=True)
        offer(everywhere)
        with time_machine.travel(NOON.replace(hour=16), tick=False):
            assert send_due_deliveries() == 0
        ends = NOON.replace(day=21, hour=2)
        assert set(Delivery.objects.values_list("next_try_at", flat=True)) == {ends}


class TestNumber:
    @pytest.mark.parametrize("channel", ["sms", "email"])
    def test_not_more_than_three_in_a_day(self, actor, channel):
        customer_of(actor)
        with time_machine.travel(NOON, tick=False) as clock:
            for _number in range(MOST_A_DAY + 1):
                mail_out(actor, channel)
            assert send_due_deliveries() == MOST_A_DAY
            waiting = Delivery.objects.get(state="queued")
            assert waiting.next_try_at == NOON + timedelta(days=1)
            clock.shift(timedelta(days=1))
            assert send_due_deliveries() == 1

    def test_other_senders_and_other_addresses_are_counted_apart(self, actor):
        other = actor_for("owner")
        for one in (actor, other):
            customer_of(one)
        with time_machine.travel(NOON, tick=False):
            for _number in range(MOST_A_DAY):
                mail_out(actor)
            mail_out(other)
            assert send_due_deliveries() == MOST_A_DAY + 1
            Customer.objects.filter(organization_id=actor.organization_id).update(phone="+84907654321")
            mail_out(actor)
            assert send_due_deliveries() == 1

    def test_messages_that_are_no_offers_are_not_counted(self, actor):
        customer_of(actor)
        for number in range(MOST_A_DAY):
            notify_address(
                "test.message",
                organization_id=actor.organization_id,
                language="vi",
                context={"note": "x"},
                dedupe=str(number),
                phone="+84901234567",
            )
        mail_out(actor)
        with time_machine.travel(NOON, tick=False):
            assert send_due_deliveries() == MOST_A_DAY + 1
