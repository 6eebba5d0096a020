"""What is kept for a time only goes, the rest stays."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.platform.accounts.models import UserSession
from apps.platform.system.models import IdempotencyRecord, JobRun
from apps.platform.system.services import queue_job, report_progress, run_job
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


def test_a_job_tells_how_it_went():
    job = queue_job("import")
    with run_job(job):
        report_progress(job, 140)
        assert JobRun.objects.get().state == "running"
        assert JobRun.objects.get().progress == 100

    done = JobRun.objects.get()
    assert (done.state, done.progress, done.attempts) == ("done", 100, 1)
    assert done.finished_at is not None


def test_a_failed_job_keeps_the_reason():
    job = queue_job("import")

    with pytest.raises(LookupError), run_job(job):
        raise LookupError("row 7")

    failed = JobRun.objects.get()
    assert (failed.state, failed.error) == ("failed", "LookupError: row 7")
