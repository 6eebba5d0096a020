"""The calendar of bays: what stands where, what is free, and moving by dragging."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.engines.scheduling.models import TimeOff, WorkingHours
from apps.engines.scheduling.rules import Span, subtract_spans
from apps.platform.audit.models import AuditLog
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.selectors.calendar import Place, calendar_day, calendar_week
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.desk import HTMX, make_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return visits.make_world()


@pytest.fixture
def desk(world):
    return browser_of(world.advisor)


def _url(appointment):
    return f"/garage/calendar/move/{appointment.pk}/"


def test_bays_show_appointments_free_times_and_closed_hours(world):
    appointment = visits.book(world)

    shown = calendar_day(world.advisor, world.garage.branch, visits.tomorrow(9).date())

    first, second = shown.bays
    assert (shown.first_hour, shown.last_hour) == (7, 19)
    assert [(block.appointment, block.place) for block in first.blocks] == [(appointment, Place(8, 2))]
    assert first.closed == second.closed == [Place(0, 4), Place(44, 4)]
    # Open from 8 to 18: twenty half hours, one of them taken.
    assert (len(first.free), len(second.free)) == (19, 20)
    assert visits.tomorrow(9) not in {slot.starts_at for slot in first.free}


def test_a_bay_that_opens_earlier_widens_the_day_and_time_off_closes_it(world):
    bay, day = world.garage.bays[0], visits.tomorrow(6)
    WorkingHours.objects.filter(resource=bay).update(starts_at="06:00")
    TimeOff.objects.create(resource=bay, period=(visits.tomorrow(12), visits.tomorrow(13)), reason="Bảo trì")

    shown = calendar_day(world.advisor, world.garage.branch, day.date())

    assert shown.first_hour == 6
    assert shown.bays[0].closed == [Place(24, 4), Place(48, 4)]
    assert len(shown.bays[0].free) == 22


def test_gaps_cut_spans():
    at = visits.tomorrow
    day = [Span(at(8), at(18))]

    assert subtract_spans(day, [Span(at(12), at(13))]) == [Span(at(8), at(12)), Span(at(13), at(18))]
    assert subtract_spans(day, [Span(at(7), at(9)), Span(at(17), at(20))]) == [Span(at(9), at(17))]
    assert subtract_spans(day, [Span(at(5), at(6))]) == day
    assert subtract_spans(day, [Span(at(7), at(19))]) == []


def test_cancelled_ones_are_gone(world, desk):
    appointment = visits.book(world)
    Appointment.objects.update(state=Appointment.State.CANCELLED)

    page = desk.get("/garage/calendar/", {"day": f"{appointment.starts_at:%Y-%m-%d}"}).content.decode()

    assert str(appointment.pk) not in page


def test_the_day_is_drawn_alone_for_live_refresh(world, desk):
    appointment = visits.book(world)
    day = f"{visits.tomorrow(9):%Y-%m-%d}"

    answer = desk.get(f"/garage/calendar/?day={day}", headers={**HTMX, "HX-Target": "calendar"})

    text = answer.content.decode()
    assert "<html" not in text
    assert f'data-live="calendar:{world.garage.branch.pk} board:{world.garage.branch.pk}"' in text
    assert f'data-move-url="{_url(appointment)}"' in text
    assert 'style="' not in text
    # What opens the dialog must fill it, not replace it as the live refresh replaces the calendar.
    slots = re.findall(r'<a class="cal-free".*?>', text)
    assert len(slots) == 39
    assert all('hx-target="#dialog" hx-swap="innerHTML"' in slot for slot in slots)


def test_the_week_tells_how_full_each_day_is(world, desk):
    visits.book(world)
    day = visits.tomorrow(9).date()
    monday = day - timedelta(days=day.weekday())

    week = calendar_week(world.advisor, world.garage.branch, monday)

    assert [len(row.appointments) for row in week] == [int(row.day == day) for row in week]
    # Half an hour of two bays with ten hours each.
    assert {row.percent for row in week if row.day == day} == {2}
    assert desk.get("/garage/calendar/", {"view": "week", "day": str(day)}).status_code == 200


def test_a_dropped_block_moves(world, desk):
    appointment = visits.book(world)
    bay = world.garage.bays[1]

    answer = desk.post(_url(appointment), {"bay": bay.pk, "at": visits.tomorrow(14).isoformat(), "version": 1})

    assert answer.status_code == 204
    appointment.refresh_from_db()
    assert (appointment.resource, appointment.starts_at) == (bay, visits.tomorrow(14))
    assert appointment.reservation.period.lower == visits.tomorrow(14)


@pytest.mark.parametrize(
    ("hour", "version", "status", "rule"),
    [(9, 1, 409, None), (20, 1, 422, "outside_hours"), (14, 7, 409, None)],
)
def test_a_refused_drop_names_the_reason_and_leaves_everything(world, desk, hour, version, status, rule):
    taken = visits.book(world)
    other = visits.VisitorInput(name="Trần Văn Nam", phone="0909111222", plate="30A12345")
    moved = visits.book(world, hour=15, visitor=other)

    answer = desk.post(
        _url(moved), {"bay": taken.resource_id, "at": visits.tomorrow(hour).isoformat(), "version": version}
    )

    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["message"]
    assert error["details"].get("rule") == rule or rule is None
    moved.refresh_from_db()
    assert (moved.starts_at, moved.version) == (visits.tomorrow(15), 1)
    assert not AuditLog.objects.filter(action="appointment.moved").exists()


@pytest.mark.parametrize("at", ["", "2026-13-45T00:00:00+07:00", "2026-11-20T09:00"])
def test_a_drop_at_no_moment_is_refused(world, desk, at):
    appointment = visits.book(world)

    assert desk.post(_url(appointment), {"at": at}).status_code == 400
    assert Appointment.objects.get().starts_at == visits.tomorrow(9)


def test_moving_needs_the_right_and_the_row(world):
    appointment = visits.book(world)
    data = {"at": visits.tomorrow(14).isoformat()}
    watcher = member_with("appointment.view", place=world.garage.organization)
    stranger = member_with("appointment.view", "appointment.move")

    assert browser_of(watcher).post(_url(appointment), data).status_code == 403
    assert browser_of(stranger).post(_url(appointment), data).status_code == 404
    assert Appointment.objects.get().starts_at == visits.tomorrow(9)


def test_another_branch_is_not_shown(world):
    other = BranchFactory(organization=world.garage.organization)

    answer = browser_of(world.advisor).get("/garage/calendar/", {"branch": other.pk})

    assert answer.status_code == 404


def test_more_appointments_cost_no_more_queries(world, desk):
    def count():
        url = f"/garage/calendar/?day={visits.tomorrow(9):%Y-%m-%d}"
        desk.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    visits.book(world)
    few = count()
    start = visits.tomorrow(9)
    for number in range(2, 32):
        make_appointment(
            world.advisor,
            number,
            branch=world.garage.branch,
            starts_at=start + timedelta(minutes=30 * number),
        )

    assert count() == few
