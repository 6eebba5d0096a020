"""What is kept for a time only goes, the rest stays."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.platform.accounts.models import UserSession
from apps.platform.system.models import IdempotencyRecord
from apps.platform.system.tasks import clean_up
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def _key(name, *, hours):
    record = IdempotencyRecord.objects.create(scope="s", key=name, request_hash="h", locked_until=now())
    IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=now() - timedelta(hours=hours))


def _session(user, *, days, name):
    moment = now() - timedelta(days=days)
    return UserSession.objects.create(
        user=user, kind="browser", session_key=name, last_seen_at=moment, expires_at=now(), ended_at=moment
    )


def test_old_rows_go_and_young_ones_stay():
    user = UserFactory()
    _key("young", hours=23)
    _key("old", hours=25)
    young, _old = _session(user, days=89, name="a"), _session(user, days=91, name="b")

    counts = clean_up()

    assert counts["idempotency_keys"] == counts["sessions"] == 1
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["young"]
    assert list(UserSession.objects.all()) == [young]
