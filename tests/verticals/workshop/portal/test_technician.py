"""The technician's phone: own work, the clock, parts, checks, and taps that arrive late or twice."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from PIL import Image

from apps.core.clock import now
from apps.engines.inventory.models import StockLevel
from apps.platform.system.models import IdempotencyRecord
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard, JobTask, PartRequirement, WorkLog
from apps.verticals.workshop.selectors.technician import my_day
from tests.factories.actors import actor_for
from tests.support.portal import browser_of
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import make_card
from tests.verticals.workshop.portal.desk import HTMX, minutes_ago, work_for

pytestmark = pytest.mark.django_db
State = JobTask.State


@pytest.fixture
def world():
    return visits.make_world()


@pytest.fixture
def phone(world):
    return browser_of(world.technician)


def _task(client, task, step, *, key="", **data):
    headers = {**HTMX, **({"Idempotency-Key": key} if key else {})}
    return client.post(f"/garage/tech/tasks/{task.pk}/{step}/", {"page": "work", **data}, headers=headers)


def _state(row):
    row.refresh_from_db()
    return row.state


def test_the_first_page_of_a_technician_is_the_phone(world, phone):
    assert phone.get("/garage/")["Location"] == "/garage/tech/"
    assert browser_of(world.advisor).get("/garage/tech/").status_code == 403


def test_my_work_stands_under_its_vehicle(world, phone):
    card, tasks = work_for(world)

    page = phone.get("/garage/tech/")

    [mine] = page.context["cards"]
    assert (mine.card, [row.task for row in mine.tasks]) == (card, tasks)
    assert (mine.tasks[0].waits, mine.tasks[1].waits, mine.lacks_parts) == (False, True, True)
    assert page.context["running"] is None
    assert f'data-live="tech:{world.technician.user_id}' in page.content.decode()


def test_somebody_elses_work_is_not_mine(world):
    work_for(world)
    other = actor_for("technician", world.garage.organization, world.garage.branch)

    assert browser_of(other).get("/garage/tech/").context["cards"] == []


def test_work_that_nobody_has_is_offered_and_taken_by_starting(world, phone):
    _card, tasks = work_for(world)
    JobTask.objects.update(technician=None)
    assert [row.task for row in phone.get("/garage/tech/").context["free"][0].tasks] == tasks

    assert _task(phone, tasks[0], "start").status_code == 200

    tasks[0].refresh_from_db()
    assert (tasks[0].state, tasks[0].technician_id) == (State.IN_PROGRESS, world.technician.user_id)


def test_the_clock_runs_once_however_often_it_is_started(world, phone):
    _card, tasks = work_for(world)

    for key in ("a", "a", "b", ""):
        answer = _task(phone, tasks[0], "start", key=key)
        assert answer.status_code == 200
        assert 'id="clock-bar"' in answer.content.decode()

    assert WorkLog.objects.filter(is_open=True).count() == 1
    assert IdempotencyRecord.objects.count() == 2


def test_a_second_clock_is_refused_and_switching_pauses_the_first(world, phone):
    _card, tasks = work_for(world)
    _task(phone, tasks[0], "start")

    refused = _task(phone, tasks[1], "start")
    assert refused.status_code == 409
    assert 'class="alert' in refused.content.decode()
    assert (_state(tasks[0]), _state(tasks[1])) == (State.IN_PROGRESS, State.PENDING)
    assert _task(phone, tasks[1], "start", switch="1").status_code == 200

    assert (_state(tasks[0]), _state(tasks[1])) == (State.PAUSED, State.IN_PROGRESS)
    assert WorkLog.objects.filter(is_open=True).get().task == tasks[1]


def test_a_tap_without_connection_counts_from_its_own_moment(world, phone):
    _card, tasks = work_for(world)
    tapped = minutes_ago(20)

    _task(phone, tasks[0], "start", key="k", occurred_at=tapped.isoformat())
    _task(phone, tasks[0], "pause", occurred_at=minutes_ago(5).isoformat())

    log = WorkLog.objects.get()
    assert log.period.lower == tapped
    assert abs(log.period.upper - log.period.lower - timedelta(minutes=15)) < timedelta(seconds=2)


@pytest.mark.parametrize(
    ("text", "back"), [("", 0), ("yesterday", 0), ("2999-01-01T00:00:00Z", 0), ("2000-01-01T00:00:00Z", 12)]
)
def test_moments_that_cannot_be_are_brought_into_the_shift(world, phone, text, back):
    _card, tasks = work_for(world)

    _task(phone, tasks[0], "start", occurred_at=text)

    started = WorkLog.objects.get().period.lower
    assert abs(now() - timedelta(hours=back) - started) < timedelta(minutes=1)


def test_a_late_start_never_overlaps_the_last_clock(world, phone):
    _card, tasks = work_for(world)
    _task(phone, tasks[0], "start", occurred_at=minutes_ago(60).isoformat())
    _task(phone, tasks[0], "pause", occurred_at=minutes_ago(10).isoformat())

    answer = _task(phone, tasks[1], "start", occurred_at=minutes_ago(30).isoformat())

    assert answer.status_code == 200
    first, second = WorkLog.objects.order_by("period")
    assert second.period.lower == first.period.upper


def test_a_done_task_sent_twice_is_done_once(world, phone):
    card, tasks = work_for(world)
    _task(phone, tasks[0], "start")
    [pads] = tasks[0].parts.all()
    answer = phone.post(
        f"/garage/tech/parts/{pads.pk}/issue/", {"page": "work"}, headers={**HTMX, "Idempotency-Key": "i"}
    )
    assert answer.status_code == 200
    words = {"cause": "Mòn", "correction": "Đã thay má phanh"}

    first = _task(phone, tasks[0], "done", key="d", **words)
    again = _task(phone, tasks[0], "done", key="d", **words)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert first.content == again.content
    tasks[0].refresh_from_db()
    assert (tasks[0].state, tasks[0].cause, tasks[0].correction) == (State.COMPLETED, "Mòn", "Đã thay má phanh")
    assert "closeDialog" in first["HX-Trigger"]
    assert card.parts.get(pk=pads.pk).state == PartRequirement.State.ISSUED


def test_a_part_sent_twice_leaves_the_store_once(world, phone):
    _card, tasks = work_for(world)
    [pads] = tasks[0].parts.all()

    for _try in range(2):
        phone.post(f"/garage/tech/parts/{pads.pk}/issue/", {"page": "parts"}, headers={**HTMX, "Idempotency-Key": "i"})

    assert StockLevel.objects.get(variant=world.pads).on_hand == 3


def test_done_before_the_parts_are_taken_is_refused_and_may_be_tried_again(world, phone):
    _card, tasks = work_for(world)
    _task(phone, tasks[0], "start")

    refused = _task(phone, tasks[0], "done", key="d")

    assert refused.status_code == 422
    assert _state(tasks[0]) == State.IN_PROGRESS
    assert WorkLog.objects.filter(is_open=True).exists()
    assert not IdempotencyRecord.objects.filter(key="d").exists()


def test_a_missing_part_makes_the_vehicle_wait(world, phone):
    card, tasks = work_for(world)
    _task(phone, tasks[0], "start")

    answer = phone.post(f"/garage/tech/{card.pk}/missing/", {"page": str(card.pk)}, headers=HTMX)

    assert answer.status_code == 200
    assert _state(card) == JobCard.State.WAITING_PARTS
    assert not WorkLog.objects.filter(is_open=True).exists()
    assert 'id="clock-bar"' not in answer.content.decode()


def test_the_vehicle_page_shows_what_the_technician_needs(world, phone):
    card, _tasks = work_for(world)

    page = phone.get(f"/garage/tech/{card.pk}/")

    text = page.content.decode()
    assert page.context["marks"][0]["number"] == 1
    assert [view for view, _label, _dots in page.context["drawings"]] == ["left"]
    assert "translate(40.0 30.0)" in text
    assert "Còn 2 mm" in text
    assert 'style="' not in text


def test_photos_are_kept_with_the_card(world, phone):
    card, _tasks = work_for(world)
    buffer = BytesIO()
    Image.new("RGB", (80, 60), "gray").save(buffer, "JPEG")
    url, page = f"/garage/tech/{card.pk}/photos/", {"page": str(card.pk)}

    empty = phone.post(url, page, headers=HTMX)
    photo = SimpleUploadedFile("a.jpg", buffer.getvalue(), content_type="image/jpeg")
    kept = phone.post(url, {**page, "photos": photo, "caption": "Má phanh mới"}, headers=HTMX)

    assert (empty.status_code, kept.status_code) == (400, 200)
    made = card.photos.get()
    assert (made.stage, made.caption, made.taken_by_id) == ("work", "Má phanh mới", world.technician.user_id)


def _finish(world, card, tasks):
    """All work done: the missing filter is not needed any more."""
    card.parts.filter(variant=world.oil_filter).update(state=PartRequirement.State.CANCELLED)
    for task in tasks:
        services.start_clock(world.technician, task)
        for part in task.parts.filter(reserved__gt=0):
            services.issue_part(world.technician, part)
        services.complete_task(world.technician, task)


def test_finished_work_goes_to_the_check_of_somebody_else(world, phone):
    card, tasks = work_for(world)
    _finish(world, card, tasks)
    sent = phone.post(f"/garage/tech/{card.pk}/submit/", {"page": str(card.pk)}, headers=HTMX)
    assert (sent.status_code, _state(card)) == (200, JobCard.State.QUALITY_CHECK)
    assert phone.post(f"/garage/tech/{card.pk}/check/", {"result": "passed"}, headers=HTMX).status_code == 403

    checker = browser_of(world.manager)
    assert checker.get("/garage/tech/").context["checks"] == [card]
    assert [point["code"] for point in checker.get(f"/garage/tech/{card.pk}/").context["check_points"]] == [
        "test_drive"
    ]
    url, page = f"/garage/tech/{card.pk}/check/", {"page": str(card.pk)}
    without_reason = checker.post(url, {**page, "result": "rework"}, headers=HTMX)
    assert (without_reason.status_code, _state(card)) == (400, JobCard.State.QUALITY_CHECK)
    back = checker.post(url, {**page, "result": "rework", "reason": "Còn kêu"}, headers=HTMX)

    assert (back.status_code, _state(card)) == (200, JobCard.State.IN_PROGRESS)
    assert {_state(task) for task in tasks} == {State.PAUSED}


def test_a_vehicle_with_nothing_left_to_do_waits_on_the_first_page_to_be_sent_to_the_check(world, phone):
    card, tasks = work_for(world)
    _finish(world, card, tasks)

    page = phone.get("/garage/tech/")
    assert (page.context["finished"], page.context["cards"]) == ([card], [])

    phone.post(f"/garage/tech/{card.pk}/submit/", {"page": "work"}, headers=HTMX)
    assert _state(card) == JobCard.State.QUALITY_CHECK
    assert phone.get("/garage/tech/").context["finished"] == []


def test_a_passed_check_is_written_down(world, phone):
    card, tasks = work_for(world)
    _finish(world, card, tasks)
    services.submit_for_check(world.technician, card)

    answer = browser_of(world.manager).post(
        f"/garage/tech/{card.pk}/check/", {"result": "passed", "point-test_drive": "1"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert card.quality_checks.get().points == [{"code": "test_drive", "name": "Chạy thử", "is_ok": True}]


def test_scanning_opens_the_vehicle_or_finds_the_part(world, phone):
    card, tasks = work_for(world)
    [pads] = tasks[0].parts.all()

    assert phone.get("/garage/tech/scan/", {"q": "51g 123 45"})["Location"] == f"/garage/tech/{card.pk}/"
    assert phone.get("/garage/tech/scan/", {"q": world.pads.sku}).context["found"] == [pads]
    assert phone.get("/garage/tech/scan/", {"q": "không có"}).context["found"] == []


def test_my_day_adds_up_what_was_clocked(world, phone):
    _card, tasks = work_for(world)
    WorkLog.objects.create(
        organization=world.garage.organization,
        branch=world.garage.branch,
        task=tasks[0],
        technician_id=world.technician.user_id,
        period=DateTimeTZRange(now() - timedelta(seconds=90), now()),
        is_open=False,
    )

    day = my_day(world.technician)

    assert (day.seconds, day.running_since, day.done) in [(90, None, []), (89, None, [])]
    assert phone.get("/garage/tech/me/").status_code == 200


def test_foreign_rows_do_not_exist_and_unknown_steps_neither(world, phone):
    _card, tasks = work_for(world)
    foreign = make_card(visits.make_world().garage.organization.pk)
    other = actor_for("technician", world.garage.organization, world.garage.branch)

    assert phone.get(f"/garage/tech/{foreign.pk}/").status_code == 404
    assert phone.post(f"/garage/tech/{foreign.pk}/missing/", {"page": "work"}, headers=HTMX).status_code == 404
    assert _task(phone, tasks[0], "explode").status_code == 404
    assert _task(browser_of(other), tasks[0], "start").status_code == 404
    assert not WorkLog.objects.exists()


def test_more_work_costs_no_more_queries(world, phone):
    def count():
        phone.get("/garage/tech/")
        with CaptureQueriesContext(connection) as queries:
            assert phone.get("/garage/tech/").status_code == 200
        return len(queries)

    work_for(world)
    few = count()
    for number in range(30):
        card = make_card(
            world.garage.organization.pk, branch=world.garage.branch, number=number + 2, state=JobCard.State.ASSIGNED
        )
        JobTask.objects.create(
            organization=card.organization,
            branch=card.branch,
            job_card=card,
            description=f"Việc {number}",
            technician_id=world.technician.user_id,
        )

    assert count() == few
