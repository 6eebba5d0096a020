"""What is kept for a time only goes, the rest stays."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from apps.core.clock import now
from apps.platform.accounts.models import UserSession
from apps.platform.system.clean_ups import CLEAN_UPS, declare_clean_up
from apps.platform.system.models import IdempotencyRecord, JobRun
from apps.platform.system.services.clean_up import CleanUpFailed, clean_up, start_clean_up
from apps.platform.system.settings import store_setting
from apps.platform.system.tasks import run_job
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

    assert counts["idempotency"] == counts["sessions"] == 1
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["young"]
    assert list(UserSession.objects.all()) == [young]


def test_every_night_it_runs_once_as_a_job_and_says_what_went():
    user = UserFactory()
    _session(user, days=91, name="b")

    job = start_clean_up()
    assert start_clean_up() is None
    run_job("system.clean_up")

    job.refresh_from_db()
    assert (job.state, job.result["sessions"]) == ("done", 1)
    assert set(CLEAN_UPS) == set(job.result)
    assert start_clean_up() is not None


def test_days_are_a_setting_and_zero_keeps_for_ever(django_capture_on_commit_callbacks):
    user = UserFactory()
    _session(user, days=91, name="b")
    with django_capture_on_commit_callbacks(execute=True):
        store_setting("sessions.keep_days", 0)
    assert "sessions" not in clean_up()
    with django_capture_on_commit_callbacks(execute=True):
        store_setting("sessions.keep_days", 92)
    assert clean_up()["sessions"] == 0
    with django_capture_on_commit_callbacks(execute=True):
        store_setting("sessions.keep_days", 1)
    assert clean_up()["sessions"] == 1


def test_a_rule_that_fails_is_told_and_stops_no_other():
    def fail(*, before):
        raise DatabaseError("no")

    _key("old", hours=25)
    first = dict(CLEAN_UPS)
    CLEAN_UPS.clear()
    declare_clean_up("test.bad", fail, keep_days="sessions.keep_days", label="Bad")
    CLEAN_UPS.update(first)
    try:
        with pytest.raises(CleanUpFailed, match=r"test\.bad: DatabaseError"):
            clean_up()
    finally:
        CLEAN_UPS.pop("test.bad")
    assert not IdempotencyRecord.objects.exists()
    assert not JobRun.objects.exists()
