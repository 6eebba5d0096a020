"""Every rule of the clean-up at its boundary: a second older goes, a second younger stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.ids import uuid7
from apps.engines.catalog.models import ProductMedia
from apps.platform.accounts.models import AccessLink, OneTimeCode, SecondStep, UserSession
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.events.models import HandledEvent, OutboxEvent
from apps.platform.files.models import StoredFile
from apps.platform.files.services import store_document, store_image
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.organizations.models import Organization
from apps.platform.system.clean_ups import CLEAN_UPS
from apps.platform.system.models import IdempotencyRecord, JobRun
from apps.platform.system.services.clean_up import clean_up
from apps.platform.system.settings import get_setting
from apps.platform.webhooks.models import WebhookDelivery
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.catalog import ProductFactory
from tests.factories.webhooks import endpoint_of
from tests.platform.files.test_services import make_picture

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)
PDF = b"%PDF-1.4\n%%EOF\n"


def aged(row, at, *fields):
    """The row as if it had been made then."""
    type(row)._base_manager.filter(pk=row.pk).update(**dict.fromkeys(fields or ("created_at",), at))
    return row


def make_idempotency(at):
    return aged(IdempotencyRecord.objects.create(scope="s", key=str(uuid7()), request_hash="h", locked_until=at), at)


def make_job(at):
    return JobRun.objects.create(name="x", state="done", finished_at=at)


def make_notification(at, *, is_read):
    row = Notification.objects.create(
        user=UserFactory(),
        type="x",
        category="general",
        title="x",
        dedupe_key=str(uuid7()),
        read_at=at if is_read else None,
    )
    return aged(row, at)


def make_session(at):
    return UserSession.objects.create(
        user=UserFactory(), kind="browser", session_key=str(uuid7()), last_seen_at=at, expires_at=NOW, ended_at=at
    )


def make_forgotten_session(at):
    return UserSession.objects.create(
        user=UserFactory(), kind="app", session_key=str(uuid7()), last_seen_at=at, expires_at=at
    )


def make_browser_session(at):
    return Session.objects.create(session_key=uuid7().hex, session_data="", expire_date=at)


def make_delivery(at, **fields):
    values = {
        "type": "x",
        "channel": "email",
        "language": "vi",
        "address": "a@example.com",
        "body": "x",
        "state": "sent",
    }
    return aged(Delivery.objects.create(**{**values, "dedupe_key": str(uuid7()), **fields}), at)


def make_event(at, *, relayed_at):
    row = OutboxEvent.objects.create(name="x", subject_id=uuid7(), payload={}, relayed_at=relayed_at)
    HandledEvent.objects.create(event=row, handler="x")
    return aged(row, at)


def make_webhook_message(at):
    endpoint = endpoint_of(actor_for("owner"))
    row = WebhookDelivery.objects.create(endpoint=endpoint, event_uid=uuid7(), name="x", payload={}, happened_at=at)
    return aged(row, at)


def make_code(at):
    row = OneTimeCode.objects.create(user=UserFactory(), purpose="login_2fa", address="a", code_hash="x", expires_at=at)
    return aged(row, at)


def make_step(at):
    return SecondStep.objects.create(user=UserFactory(), token_hash=uuid7().hex, expires_at=at)


def make_download(at):
    actor = actor_for("owner")
    return AccessLink.objects.create(
        organization_id=actor.organization_id,
        purpose=AccessLink.Purpose.DATA_DOWNLOAD,
        subject_id=uuid7(),
        token_hash=uuid7().hex,
        expires_at=at,
    )


RULES = [
    ("idempotency", "idempotency.keep_days", 1, make_idempotency),
    ("jobs", "jobs.keep_days", 30, make_job),
    ("notifications", "notifications.keep_days", 90, lambda at: make_notification(at, is_read=True)),
    ("unread_notifications", "unread_notifications.keep_days", 365, lambda at: make_notification(at, is_read=False)),
    ("deliveries", "deliveries.keep_days", 365, make_delivery),
    ("outbox", "outbox.keep_days", 30, lambda at: make_event(at, relayed_at=at)),
    ("sessions", "sessions.keep_days", 90, make_session),
    ("sessions", "sessions.keep_days", 90, make_forgotten_session),
    ("browser_sessions", "browser_sessions.keep_days", 1, make_browser_session),
    ("webhooks", "webhooks.keep_days", 30, make_webhook_message),
    ("codes", "codes.keep_days", None, make_code),
    ("second_steps", "codes.keep_days", None, make_step),
    ("own_data", "own_data.keep_days", None, make_download),
]
# Proven below, or where their tables are described.
ELSEWHERE = {"audit", "unused_files", "job_files", "partner_tokens"}


@pytest.mark.parametrize(
    ("name", "setting", "days", "make"), RULES, ids=[f"{row[0]}-{n}" for n, row in enumerate(RULES)]
)
def test_a_second_older_goes_and_a_second_younger_stays(name, setting, days, make):
    assert CLEAN_UPS[name].keep_days == setting
    assert days in (None, get_setting(setting))
    moment = NOW - timedelta(days=get_setting(setting))
    old, exact, young = (make(moment + timedelta(seconds=step)) for step in (-1, 0, 1))
    with time_machine.travel(NOW, tick=False):
        counts = clean_up()
    left = set(type(old)._base_manager.values_list("pk", flat=True))
    assert left & {old.pk, exact.pk, young.pk} == {exact.pk, young.pk}
    assert counts[name] == 1


def test_every_rule_is_proven():
    assert {row[0] for row in RULES} | ELSEWHERE == set(CLEAN_UPS)


def test_the_audit_log_at_its_boundary():
    actor = actor_for("owner")
    company = Organization.objects.get(pk=actor.organization_id)
    days = get_setting("audit.keep_days")
    for step in (-1, 1):
        with time_machine.travel(datetime.now(UTC) - timedelta(days=days, minutes=-step), tick=False):
            record(actor, f"boundary.{step}", company)
    assert AuditLog.objects.filter(action__startswith="boundary").count() == 2
    clean_up()
    assert list(AuditLog.objects.filter(action__startswith="boundary").values_list("action", flat=True)) == [
        "boundary.1"
    ]


def test_what_is_still_to_be_done_stays_however_old_it_is():
    long_ago = NOW - timedelta(days=4000)
    waiting = make_delivery(long_ago, state="queued")
    stuck = make_event(long_ago, relayed_at=None)
    job = JobRun.objects.create(name="x", state="queued")
    aged(job, long_ago)
    with time_machine.travel(NOW, tick=False):
        clean_up()
    assert Delivery.objects.get() == waiting
    assert OutboxEvent.objects.get() == stuck
    assert HandledEvent.objects.count() == 1
    assert JobRun.objects.get() == job


class TestFiles:
    @pytest.fixture(autouse=True)
    def _own_storage(self, settings, tmp_path):
        storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
        settings.STORAGES = {**settings.STORAGES, "default": storage}

    @pytest.fixture
    def actor(self):
        return actor_for("owner")

    @pytest.fixture
    def old(self):
        return NOW - timedelta(days=7, seconds=1)

    @staticmethod
    def picture(actor):
        return store_image(actor, SimpleUploadedFile("x.jpg", make_picture((20, 10))))

    @staticmethod
    def clean():
        with time_machine.travel(NOW, tick=False):
            return clean_up()["unused_files"]

    @pytest.mark.parametrize(("seconds", "gone"), [(-1, 1), (0, 0), (1, 0)])
    def test_one_that_nothing_uses_goes_with_its_contents(
        self, actor, seconds, gone, django_capture_on_commit_callbacks
    ):
        row = aged(self.picture(actor), NOW - timedelta(days=7) + timedelta(seconds=seconds))
        with django_capture_on_commit_callbacks(execute=True):
            assert self.clean() == gone
        assert StoredFile.objects.count() == 1 - gone
        for name in (row.file.name, row.thumbnail.name):
            assert default_storage.exists(name) is not bool(gone)

    def test_one_in_use_stays(self, actor, old):
        row = aged(self.picture(actor), old)
        product = ProductFactory(organization_id=actor.organization_id)
        ProductMedia.objects.create(product=product, file=row)
        assert self.clean() == 0
        ProductMedia.objects.all().delete()
        assert self.clean() == 1

    def test_what_a_message_carries_stays_as_long_as_the_message(self, actor, old):
        row = aged(store_document(actor, PDF, name="x.pdf"), old)
        message = make_delivery(NOW, attachments=[str(row.pk)])
        assert self.clean() == 0
        message.delete()
        assert self.clean() == 1

    def test_contents_without_a_row_go_when_they_are_old(self, actor):
        kept = self.picture(actor)
        left = default_storage.save("files/2020/01/left.webp", ContentFile(b"x"))
        other = default_storage.save("own-data/left.zip", ContentFile(b"x"))
        assert clean_up()["unused_files"] == 0
        with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=False):
            aged(kept, datetime.now(UTC))
            assert clean_up()["unused_files"] == 1
        assert not default_storage.exists(left)
        assert default_storage.exists(other)
        assert default_storage.exists(kept.file.name)
        assert default_storage.exists(kept.thumbnail.name)
