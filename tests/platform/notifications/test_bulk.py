"""Mass mailings: who gets them, how fast, once; paused, cancelled, killed, unsubscribed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from apps.core.clock import now
from apps.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, StaleWrite
from apps.engines.customers.models import Customer
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.declared import MAILINGS_AT_ONCE
from apps.platform.notifications.errors import NobodyToWriteTo
from apps.platform.notifications.models import BulkSend, Delivery, NotificationPreference
from apps.platform.notifications.services import (
    bulk_run,
    cancel_bulk_send,
    count_receivers,
    create_bulk_send,
    pause_bulk_send,
    resume_bulk_send,
    send_due_deliveries,
    start_bulk_send,
    update_bulk_send,
)
from apps.platform.notifications.services.bulk import JOB
from apps.platform.system.errors import JobNotRepeatable
from apps.platform.system.jobs import cancel_job, retry_job
from apps.platform.system.jobs.looking_after import look_after_jobs
from apps.platform.system.jobs.running import RunningJob, run_next
from apps.platform.system.models import JobRun
from tests.factories.actors import actor_for
from tests.platform.notifications.simulators.mail import MailServer
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
TICK = timedelta(seconds=10)
WORDS = {
    "name": "Tháng 12",
    "audience": "customers",
    "channel": "email",
    "subject": "Ưu đãi cho {{ name }}",
    "body": "Giảm 10%.",
    "per_minute": 60,
}


@pytest.fixture
def actor():
    return actor_for("owner")


def make_customers(actor, count, *, consent=True, **fields):
    return [
        Customer.objects.create(
            organization_id=actor.organization_id,
            code=f"KH-{Customer.objects.count():05d}",
            name=f"Khách {number}",
            has_marketing_consent=consent,
            **{"email": f"khach{Customer.objects.count()}@example.com", **fields},
        )
        for number in range(count)
    ]


def make(actor, **words):
    return create_bulk_send(actor, **{**WORDS, **words})


def state_of(row):
    row.refresh_from_db()
    return row.state


class Killed(BaseException):
    """Ends a worker without any of its clean-up of jobs."""


def kill(*_args, **_values):
    raise Killed


def go_on():
    """What a worker does when it is woken: every mailing whose turn it is, until none is due."""
    while run_next(JOB) is not None:
        pass


def run(row, seconds, at=None):
    """The worker's turns for so many seconds; how many messages stood in the queue after each."""
    at, found = at or row.started_at, []
    for step in range(0, seconds, 10):
        with time_machine.travel(at + timedelta(seconds=step), tick=False):
            go_on()
            found.append(Delivery.objects.filter(bulk_send=row).count())
    return found


class TestWhoGetsIt:
    def test_only_those_who_agreed_and_have_an_address(self, actor):
        agreed = make_customers(actor, 2)
        make_customers(actor, 1, consent=False)
        make_customers(actor, 1, email="")
        make_customers(actor, 1, is_active=False)
        make_customers(actor_for("owner"), 1)
        row = make(actor)
        counts = count_receivers(row)
        assert (counts.everybody, counts.reachable, counts.left_out) == (4, 2, 2)
        start_bulk_send(actor, row)
        run(BulkSend.objects.get(), 20)
        assert set(Delivery.objects.values_list("address", flat=True)) == {one.email for one in agreed}
        row.refresh_from_db()
        assert (row.state, row.total, row.queued, row.skipped) == ("done", 2, 2, 2)
        assert {one.subject for one in Delivery.objects.all()} == {f"[QC] Ưu đãi cho {one.name}" for one in agreed}

    def test_two_with_one_address_get_one(self, actor):
        make_customers(actor, 2, email="nha@example.com")
        row = start_bulk_send(actor, make(actor))
        run(row, 20)
        assert Delivery.objects.count() == 1

    def test_who_takes_the_consent_back_meanwhile_is_left_out(self, actor):
        people = make_customers(actor, 3)
        row = start_bulk_send(actor, make(actor, per_minute=6))
        run(row, 10)
        Customer.objects.filter(pk=people[2].pk).update(has_marketing_consent=False)
        run(row, 60, at=row.started_at + TICK)
        assert Delivery.objects.count() == 2
        assert state_of(row) == "done"

    def test_colleagues_who_want_no_notices_are_left_out(self, actor):
        other = actor_for("advisor", organization=BulkSend(organization_id=actor.organization_id).organization)
        row = make(actor, audience="staff")
        assert count_receivers(row).reachable == 2
        NotificationPreference.objects.create(
            user_id=other.user_id, category="announcements", channel="email", is_wanted=False
        )
        assert count_receivers(row).reachable == 1

    def test_nobody_means_it_is_not_started(self, actor):
        row = make(actor)
        with pytest.raises(NobodyToWriteTo):
            start_bulk_send(actor, row)
        assert state_of(row) == "draft"


class TestRate:
    def test_so_many_a_minute(self, actor):
        make_customers(actor, 40)
        row = start_bulk_send(actor, make(actor, per_minute=30))
        assert run(row, 70) == [1, 6, 11, 16, 21, 26, 31]

    def test_a_slow_rate(self, actor):
        make_customers(actor, 4)
        row = start_bulk_send(actor, make(actor, per_minute=2))
        assert run(row, 70) == [1, 1, 1, 2, 2, 2, 3]

    def test_time_that_nobody_used_is_not_made_up_for(self, actor):
        make_customers(actor, 200)
        row = start_bulk_send(actor, make(actor, per_minute=60))
        run(row, 10)
        assert run(row, 20, at=row.started_at + timedelta(hours=1)) == [12, 22]


class TestSteering:
    @pytest.fixture
    def row(self, actor):
        make_customers(actor, 30)
        return start_bulk_send(actor, make(actor, per_minute=30))

    def test_paused_nothing_goes_out_and_it_goes_on_where_it_was(self, actor, row):
        run(row, 20)
        pause_bulk_send(actor, row)
        assert run(row, 20, at=row.started_at + timedelta(seconds=20)) == [6, 6]
        assert send_due_deliveries() == 0
        resume_bulk_send(actor, row)
        assert send_due_deliveries() == 6
        run(row, 120, at=now())
        assert Delivery.objects.count() == len(set(Delivery.objects.values_list("address", flat=True))) == 30
        assert state_of(row) == "done"

    def test_cancelled_what_waits_is_not_sent(self, actor, row):
        run(row, 20)
        cancel_bulk_send(actor, row)
        assert send_due_deliveries() == 0
        assert set(Delivery.objects.values_list("state", flat=True)) == {"suppressed"}
        with pytest.raises(IllegalMove):
            resume_bulk_send(actor, row)

    def test_a_worker_that_dies_leaves_nobody_out_and_nobody_twice(self, actor, row, monkeypatch):
        run(row, 20)
        with monkeypatch.context() as patch:
            patch.setattr(bulk_run, "tell_moved", kill)
            with pytest.raises(Killed), time_machine.travel(row.started_at + timedelta(seconds=20)):
                go_on()
        assert JobRun.objects.get().state == "running"
        JobRun.objects.update(heartbeat_at=None)
        assert look_after_jobs() == 1
        run(row, 120, at=row.started_at + timedelta(seconds=20))
        assert Delivery.objects.count() == 30
        assert len(set(Delivery.objects.values_list("address", flat=True))) == 30

    def test_a_worker_that_is_killed_in_its_function_is_replaced(self, actor, row, monkeypatch):
        """The messages of its last turn are queued, but nobody was told that it had gone on."""
        monkeypatch.setattr(RunningJob, "report", kill)
        with pytest.raises(Killed), time_machine.travel(row.started_at):
            go_on()
        monkeypatch.undo()
        assert Delivery.objects.count() == 1
        JobRun.objects.update(heartbeat_at=None)
        look_after_jobs()
        run(row, 120, at=row.started_at + timedelta(seconds=10))
        assert Delivery.objects.count() == len(set(Delivery.objects.values_list("address", flat=True))) == 30
        assert JobRun.objects.values_list("state", "attempts", "progress").get() == ("done", 2, 100)

    def test_one_job_sends_it_with_progress_and_without_holding_a_worker(self, actor, row):
        run(row, 20)
        job = JobRun.objects.get()
        assert (job.name, job.label, job.user_id) == (JOB, "Tháng 12", actor.user_id)
        assert (job.state, job.progress, job.note, job.attempts) == ("queued", 20, "6 / 30", 1)
        assert job.not_before == row.started_at + timedelta(seconds=20)
        run(row, 80, at=row.started_at + timedelta(seconds=20))
        job.refresh_from_db()
        assert (job.state, job.progress, job.attempts, job.result) == ("done", 100, 1, {"messages": 30})

    def test_the_job_of_a_paused_one_ends_and_another_goes_on(self, actor, row):
        run(row, 10)
        pause_bulk_send(actor, row)
        run(row, 10, at=row.started_at + TICK)
        assert JobRun.objects.get().state == "done"
        resume_bulk_send(actor, row)
        run(row, 100, at=now())
        assert list(JobRun.objects.order_by("id").values_list("state", flat=True)) == ["done", "done"]
        assert Delivery.objects.count() == 30

    def test_pausing_and_going_on_before_the_old_job_noticed_sends_nothing_twice(self, actor, row):
        run(row, 10)
        pause_bulk_send(actor, row)
        row = resume_bulk_send(actor, row)
        assert JobRun.objects.filter(state="queued").count() == 2
        at = max(row.next_at, row.started_at + TICK)
        assert run(row, 30, at=at)[0] <= 7
        run(row, 100, at=at + timedelta(seconds=30))
        assert Delivery.objects.count() == len(set(Delivery.objects.values_list("address", flat=True))) == 30
        assert set(JobRun.objects.values_list("state", flat=True)) == {"done"}

    def test_a_cancelled_job_pauses_its_mailing(self, actor, row):
        run(row, 10)
        job = cancel_job(actor, JobRun.objects.get())
        assert state_of(row) == "paused"
        retry_job(actor, job)
        run(row, 20, at=now())
        assert (state_of(row), Delivery.objects.count()) == ("paused", 1)
        with pytest.raises(JobNotRepeatable):
            retry_job(actor, job)
        resume_bulk_send(actor, row)
        run(row, 100, at=now())
        assert state_of(row) == "done"

    def test_a_job_that_fails_pauses_its_mailing(self, actor, row, monkeypatch):
        def fail(*_args):
            raise LookupError("no audience")

        with monkeypatch.context() as patch:
            patch.setattr(bulk_run, "_message", fail)
            with pytest.raises(LookupError):
                go_on()
        job = JobRun.objects.get()
        assert (job.state, job.error, state_of(row)) == ("failed", "LookupError: no audience", "paused")
        assert Delivery.objects.count() == 0

    def test_no_more_at_once_than_allowed(self, actor, row):
        for number in range(MAILINGS_AT_ONCE):
            start_bulk_send(actor, make(actor, name=f"No. {number}"))
        with time_machine.travel(now() + timedelta(seconds=1), tick=False):
            go_on()
        assert set(BulkSend.objects.filter(queued=0).values_list("name", flat=True)) == {f"No. {MAILINGS_AT_ONCE - 1}"}
        cancel_bulk_send(actor, row)
        with time_machine.travel(now() + timedelta(seconds=20), tick=False):
            go_on()
        assert not BulkSend.objects.filter(queued=0).exists()

    def test_open_pages_are_told(self, actor, row):
        run(row, 10)
        found = OutboxEvent.objects.filter(name="bulk_send.moved").values_list("payload__state", flat=True)
        assert list(found.order_by("id"))[:2] == ["sending", "sending"]

    def test_a_started_one_is_not_rewritten(self, actor, row):
        with pytest.raises(IllegalMove):
            update_bulk_send(actor, row, subject="Other")
        draft = make(actor)
        update_bulk_send(actor, draft, subject="Other", version=1)
        with pytest.raises(StaleWrite):
            update_bulk_send(actor, draft, subject="Third", version=1)

    def test_rights_and_walls(self, row):
        for step in (start_bulk_send, pause_bulk_send, resume_bulk_send, cancel_bulk_send):
            with pytest.raises(NotAllowed):
                step(actor_for("technician"), row)
            with pytest.raises(NotFound):
                step(actor_for("owner"), row)
        assert state_of(row) == "sending"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"body": ""}, "body"),
        ({"subject": ""}, "subject"),
        ({"body": "{{ secret }}"}, "body"),
        ({"body": "{% include 'x' %}"}, "body"),
        ({"channel": "sms", "body": "ạ" * 500}, "body"),
        ({"channel": "telegram"}, "channel"),
        ({"per_minute": 0}, "per_minute"),
        ({"per_minute": 601}, "per_minute"),
    ],
)
def test_faults_are_named_by_field(actor, words, field):
    with pytest.raises(BadInput) as caught:
        make(actor, **words)
    assert list(caught.value.errors) == [field]
    assert not BulkSend.objects.exists()


class TestUnsubscribe:
    @pytest.fixture
    def letter(self, actor, settings):
        settings.EMAIL_PROVIDER = "smtp"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        make_customers(actor, 1)
        row = start_bulk_send(actor, make(actor))
        go_on()
        with MailServer().running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            send_due_deliveries()
        assert row.deliveries.get().state == "sent"
        return server.letters[0]

    def test_one_click_as_mail_programs_do_it(self, letter):
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = letter["List-Unsubscribe"].strip(" <>")
        path = "/" + url.split("/", 3)[3]
        assert url in letter.get_body(("plain",)).get_content().replace("\n", "")
        answer = browser_of().post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert Customer.objects.get().has_marketing_consent is False

    def test_looking_changes_nothing_and_a_button_does(self, letter):
        path = "/" + letter["List-Unsubscribe"].strip(" <>").split("/", 3)[3]
        page = browser_of().get(path).content.decode()
        assert re.search(r'<form[^>]*method="post"', page)
        assert Customer.objects.get().has_marketing_consent is True
        assert browser_of().post(path).status_code == 200
        assert Customer.objects.get().has_marketing_consent is False

    def test_a_forged_link_does_nothing(self, letter):
        path = "/" + letter["List-Unsubscribe"].strip(" <>").split("/", 3)[3]
        forged = path[:-5] + "xxxx/"
        assert browser_of().get(forged).status_code == 404
        assert browser_of().post(forged).status_code == 404
        assert Customer.objects.get().has_marketing_consent is True
        assert mail.outbox == []
