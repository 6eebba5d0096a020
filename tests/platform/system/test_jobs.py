"""Jobs: started, limited, followed, stopped, repeated, and taken over from lost workers."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections

from apps.core.actor import ANONYMOUS
from apps.core.clock import now
from apps.core.errors import Conflict, NotFound
from apps.platform.audit.models import AuditLog
from apps.platform.realtime.registry import find_stream
from apps.platform.system.errors import JobNotRepeatable, JobOver
from apps.platform.system.jobs import JOBS, ComeBack, JobStopped, cancel_job, declare_job, retry_job, running, start_job
from apps.platform.system.jobs.looking_after import LOST_AFTER, look_after_jobs
from apps.platform.system.jobs.running import RunningJob, run_next, take_next
from apps.platform.system.models import JobRun
from apps.platform.system.settings import store_setting
from apps.platform.system.tasks import run_job
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.support.threads import at_once

NAME = "test.work"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def kinds():
    """Declares kinds that are forgotten after the test."""
    names = []

    def declare(run, *, name=NAME, limit=1):
        declare_job(name, run, label="Work", at_once=limit)
        names.append(name)
        return name

    yield declare
    for name in names:
        JOBS.pop(name)


@pytest.fixture
def actor():
    return actor_for("owner")


@pytest.fixture
def woken(monkeypatch):
    """Kinds for which a worker was asked, with the seconds until then."""
    found = []
    monkeypatch.setattr(running, "wake", lambda name, *, after_seconds=0: found.append((name, after_seconds)))
    return found


@pytest.fixture
def sent(monkeypatch):
    """What screens are told."""
    told = []
    monkeypatch.setattr(
        "apps.platform.system.jobs.waking.broadcast", lambda topic, name, data: told.append((topic, name, data))
    )
    return told


@pytest.mark.django_db
class TestOneJob:
    def test_it_works_tells_how_far_it_is_and_keeps_its_result(self, kinds, actor, sent):
        seen = []

        def run(job):
            job.report(40.7, "row 2 of 5")
            seen.append(JobRun.objects.values_list("state", "progress", "note").get())
            return {"rows": job.arguments["rows"], "company": str(job.organization_id)}

        job = start_job(actor, kinds(run), label="Five rows", arguments={"rows": 5})
        assert (job.state, job.user_id, job.organization_id) == ("queued", actor.user_id, actor.organization_id)

        run_job(NAME)

        job.refresh_from_db()
        assert seen == [("running", 40, "row 2 of 5")]
        assert (job.state, job.progress, job.attempts, job.error) == ("done", 100, 1, "")
        assert job.result == {"rows": 5, "company": str(actor.organization_id)}
        assert job.started_at <= job.finished_at
        assert {topic for topic, _name, _data in sent} == {f"job:{job.pk}"}
        assert [data["state"] for _topic, _name, data in sent] == ["running", "running", "done"]

    def test_a_failure_is_kept_and_can_be_tried_again(self, kinds, actor):
        faults = [LookupError("row 7"), Conflict("Taken.")]

        def run(job):
            if faults:
                raise faults.pop(0)

        job = start_job(actor, kinds(run), label="Seven rows")
        for text in ("LookupError: row 7", "Taken."):
            with pytest.raises((LookupError, Conflict)):
                run_next(NAME)
            job.refresh_from_db()
            assert (job.state, job.error) == ("failed", text)
            retry_job(actor, job)
        run_next(NAME)

        job.refresh_from_db()
        assert (job.state, job.error, job.attempts) == ("done", "", 3)
        assert AuditLog.objects.filter(action="job.retried", entity_id=job.pk).count() == 2
        with pytest.raises(JobNotRepeatable):
            retry_job(actor, job)

    def test_a_waiting_job_that_is_cancelled_never_starts(self, kinds, actor):
        job = start_job(actor, kinds(lambda job: pytest.fail("it ran")), label="x")

        cancel_job(actor, job)

        assert run_next(NAME) is None
        assert JobRun.objects.get().state == "cancelled"
        with pytest.raises(JobOver):
            cancel_job(actor, job)

    def test_a_running_job_stops_at_its_next_word(self, kinds, actor):
        steps = []

        def run(job):
            for step in range(5):
                steps.append(step)
                if step == 2:
                    cancel_job(actor, JobRun.objects.get())
                job.report(step * 20)

        start_job(actor, kinds(run), label="x")
        assert run_next(NAME).state == "cancelled"
        assert (steps, JobRun.objects.get().progress) == ([0, 1, 2], 20)

    def test_a_cancelled_job_that_ends_without_a_word_stays_cancelled(self, kinds, actor):
        start_job(actor, kinds(lambda job: [cancel_job(actor, JobRun.objects.get())].clear()), label="x")
        assert run_next(NAME).state == "cancelled"
        assert JobRun.objects.get().result is None

    def test_others_cannot_touch_or_follow_it(self, kinds, actor):
        job = start_job(actor, kinds(lambda job: None), label="x")
        stranger = actor_for("owner")
        for do in (cancel_job, retry_job):
            with pytest.raises(NotFound):
                do(stranger, job)
        job.refresh_from_db()
        assert job.state == "queued"
        topic = f"job:{job.pk}"
        staff = actor_for("owner", user=UserFactory(is_staff=True))
        assert [find_stream(one, topic) for one in (actor, staff, stranger, ANONYMOUS)] == [topic, topic, None, None]
        assert find_stream(actor, "job:x") is None

    def test_nobody_starts_what_nobody_declared(self, actor, kinds):
        with pytest.raises(KeyError):
            start_job(actor, "test.unknown", label="x")
        kinds(lambda job: None)
        with pytest.raises(ValueError, match="two kinds"):
            declare_job(NAME, lambda job: 1, label="x")


@pytest.mark.django_db
class TestBreaks:
    """A job with nothing to do for a while gives its worker free and is called again."""

    @pytest.fixture
    def turns(self):
        return []

    @pytest.fixture
    def name(self, kinds, turns):
        def run(job):
            turns.append(job.row.attempts)
            job.report(20 * len(turns))
            return ComeBack(30) if len(turns) < 3 else "over"

        return kinds(run)

    def test_it_goes_on_when_the_break_is_over_and_not_before(self, actor, name, turns, woken):
        with time_machine.travel(NOON, tick=False) as clock:
            start_job(actor, name, label="x")
            job = run_next(name)
            assert (job.state, job.progress, job.not_before) == ("queued", 20, NOON + timedelta(seconds=30))
            assert woken == [(name, 30)]
            clock.shift(29)
            assert run_next(name) is None
            clock.shift(1)
            run_next(name)
            clock.shift(30)
            job = run_next(name)
        assert turns == [1, 1, 1]
        assert (job.state, job.result, job.attempts, job.started_at, job.not_before) == ("done", "over", 1, NOON, None)

    def test_it_counts_as_begun_but_leaves_the_worker_to_others(self, kinds, actor, name):
        first = start_job(actor, name, label="first")
        start_job(actor, name, label="second")
        start_job(actor, kinds(lambda job: "quick", name="test.other"), label="x")
        store_setting("jobs.at_once", 1)
        run_next(name)
        assert run_next(name) is None
        assert run_next("test.other").result == "quick"
        cancel_job(actor, first)
        assert run_next(name).label == "second"

    def test_a_loss_before_a_break_is_forgiven_and_one_after_it_is_taken_over(self, actor, name, turns):
        start_job(actor, name, label="x")
        JobRun.objects.update(losses=2)
        with time_machine.travel(NOON, tick=False) as clock:
            run_next(name)
            assert JobRun.objects.get().losses == 0
            clock.shift(30)
            lost = RunningJob(take_next(JOBS[name]))
            clock.shift(61)
            assert look_after_jobs() == 1
            assert run_next(name).attempts == 2
            with pytest.raises(JobStopped):
                lost.come_back(1)
        assert turns == [1, 2]

    def test_the_clock_wakes_those_whose_break_is_over(self, actor, name, woken):
        start_job(actor, name, label="x")
        with time_machine.travel(NOON, tick=False) as clock:
            run_next(name)
            woken.clear()
            look_after_jobs()
            assert woken == []
            clock.shift(30)
            look_after_jobs()
            assert woken == [(name, 0)]


@pytest.mark.django_db
class TestStopped:
    """The owner of a kind hears of jobs that will not go on."""

    @pytest.fixture
    def heard(self, kinds):
        heard = []

        def run(job):
            raise LookupError("row 7")

        kinds(run)
        JOBS[NAME] = replace(JOBS[NAME], stopped=lambda job: heard.append((job.pk, job.state)))
        return heard

    def test_cancelled(self, actor, heard):
        job = cancel_job(actor, start_job(actor, NAME, label="x"))
        assert heard == [(job.pk, "cancelled")]

    def test_failed(self, actor, heard):
        job = start_job(actor, NAME, label="x")
        with pytest.raises(LookupError):
            run_next(NAME)
        assert heard == [(job.pk, "failed")]

    def test_given_up(self, actor, heard):
        job = start_job(actor, NAME, label="x")
        take_next(JOBS[NAME])
        JobRun.objects.update(losses=2, heartbeat_at=None)
        look_after_jobs()
        assert heard == [(job.pk, "failed")]


@pytest.mark.django_db
class TestLostWorkers:
    @pytest.fixture
    def lost(self, kinds, actor):
        name = kinds(lambda job: "second")
        start_job(actor, name, label="x")
        first = RunningJob(take_next(JOBS[name]))
        first.report(30)
        return first

    @staticmethod
    def lose():
        JobRun.objects.update(heartbeat_at=now() - LOST_AFTER - timedelta(seconds=1))
        return look_after_jobs()

    def test_a_job_with_a_heartbeat_is_left_alone(self, lost):
        lost.beat()
        assert look_after_jobs() == 0
        assert JobRun.objects.get().state == "running"

    def test_another_worker_takes_over_and_the_first_can_write_nothing_more(self, lost):
        assert self.lose() == 1
        assert JobRun.objects.values_list("state", "losses").get() == ("queued", 1)

        assert run_next(NAME).result == "second"
        with pytest.raises(JobStopped):
            lost.report(50)
        with pytest.raises(JobStopped):
            lost.finish("done", result="first")
        assert JobRun.objects.values_list("state", "result", "attempts").get() == ("done", "second", 2)

    def test_it_is_given_up_after_the_third_loss(self, lost):
        for _loss in range(2):
            assert self.lose() == 1
            take_next(JOBS[NAME])
        assert self.lose() == 1

        job = JobRun.objects.get()
        assert (job.state, job.attempts, job.losses) == ("failed", 3, 3)
        assert job.error
        assert look_after_jobs() == 0

    def test_waiting_jobs_are_woken(self, kinds, actor, woken):
        start_job(actor, kinds(lambda job: None), label="x")
        JobRun.objects.create(name="test.forgotten_kind")

        look_after_jobs()

        assert woken == [(NAME, 0)]


@pytest.mark.django_db(transaction=True)
class TestLimits:
    def test_never_more_of_a_kind_at_once_than_declared(self, kinds, actor):
        """Six workers, six jobs, room for two: the others wait for their turn, and all are done once."""
        store_setting("jobs.at_once", 5)
        present, most, done = set(), [], []
        guard = threading.Lock()
        pause = threading.Event()

        def run(job):
            with guard:
                present.add(job.id)
                most.append(len(present))
            pause.wait(0.05)
            with guard:
                present.discard(job.id)
                done.append(job.id)

        name = kinds(run, limit=2)
        jobs = [start_job(actor, name, label=str(number)).pk for number in range(6)]

        def work():
            while JobRun.objects.filter(state__in=["queued", "running"]).exists():
                run_next(name)
                connections.close_all()

        assert [result for result in at_once([work] * 6) if result] == []
        assert sorted(done) == sorted(jobs)
        assert max(most) == 2

    def test_a_limit_over_all_kinds_leaves_workers_for_short_work(self, kinds, actor):
        store_setting("jobs.at_once", 1)
        first, second = kinds(lambda job: None), kinds(lambda job: None, name="test.other")
        for name in (first, second):
            start_job(actor, name, label="x")

        running_one = RunningJob(take_next(JOBS[first]))
        assert take_next(JOBS[second]) is None
        running_one.finish("done")
        assert take_next(JOBS[second]) is not None

    def test_it_lives_by_its_heartbeat_while_a_step_takes_long(self, kinds, actor, monkeypatch):
        monkeypatch.setattr(running, "BEAT_SECONDS", 0.02)
        pause = threading.Event()

        def run(job):
            JobRun.objects.update(heartbeat_at=None)
            pause.wait(0.3)
            return JobRun.objects.get().heartbeat_at is not None

        start_job(actor, kinds(run), label="x")
        assert run_next(NAME).result is True
