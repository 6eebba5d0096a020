"""The list of appointments, one appointment with its steps, and booking by the garage's own people."""

from datetime import timedelta

import pytest

from apps.engines.scheduling.models import Reservation
from apps.verticals.workshop.models import Appointment
from apps.verticals.workshop.portal.appointments import find_appointments
from apps.verticals.workshop.selectors import list_appointments, search_appointments
from tests.factories.organizations import BranchFactory
from tests.support.portal import DetailKit, ListKit, browser_of
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.desk import HTMX, make_appointment

pytestmark = pytest.mark.django_db
State = Appointment.State


class TestAppointmentList(ListKit):
    url_name = "garage:appointments"
    right = "appointment.view"
    sorts = ("starts", "plate", "customer", "bay", "state")
    filter_queries = ("upcoming=1", "state=booked", "day_from=2026-01-01&day_to=2026-12-31", "channel=phone")

    def make_row(self, actor, number=1):
        return make_appointment(actor, number)

    def make_foreign_row(self):
        return make_appointment(self.make_member(self.right), 99)


class TestAppointmentDetail(DetailKit):
    url_name = "garage:appointment"
    right = "appointment.view"
    has_branches = True

    def make_row(self, actor, number=1):
        return make_appointment(actor, number)

    def make_row_of_other_branch(self, actor):
        return make_appointment(actor, branch=BranchFactory(organization_id=actor.organization_id))


@pytest.fixture
def world():
    return visits.make_world()


@pytest.fixture
def desk(world):
    return browser_of(world.advisor)


def _do(client, appointment, action, **data):
    return client.post(f"/garage/appointments/{appointment.pk}/do/{action}/", data, headers=HTMX)


def test_search_needs_every_word_of_a_name(world):
    visits.book(world)
    rows = list_appointments(world.advisor)

    assert search_appointments(rows, "minh khoa").count() == 1
    assert search_appointments(rows, "minh hạnh").count() == 0
    assert search_appointments(rows, "51G 123").count() == 1
    assert [item.hint for item in find_appointments(world.advisor, "khoa")] == [f"{visits.tomorrow(9):%d/%m} 09:00"]


def test_the_steps_are_those_that_state_and_right_allow(world, desk):
    appointment = visits.book(world)
    url = f"/garage/appointments/{appointment.pk}/"

    assert [button.name for button in desk.get(url).context["buttons"]] == [
        "check_in",
        "confirm",
        "move",
        "no_show",
        "cancel",
    ]
    _do(desk, appointment, "confirm", version=1)
    assert "confirm" not in [button.name for button in desk.get(url).context["buttons"]]
    watcher = browser_of(world.cashier)
    assert watcher.get(url).status_code == 403


def test_a_second_confirmation_is_refused_with_the_present_state(world, desk):
    appointment = visits.book(world)

    assert _do(desk, appointment, "confirm", version=1).status_code == 200
    again = _do(desk, appointment, "confirm", version=1)

    assert again.status_code == 409
    appointment.refresh_from_db()
    assert (appointment.state, appointment.version) == (State.CONFIRMED, 2)


def test_cancelling_needs_a_reason_and_frees_the_bay(world, desk):
    appointment = visits.book(world)

    refused = _do(desk, appointment, "cancel", version=1, reason=" ")
    assert refused.status_code == 422
    assert Appointment.objects.get().state == State.BOOKED
    done = _do(desk, appointment, "cancel", version=1, reason="Khách bận")

    assert done.status_code == 200
    appointment.refresh_from_db()
    assert (appointment.state, appointment.cancel_reason) == (State.CANCELLED, "Khách bận")
    assert Reservation.objects.get().state == "released"


def test_the_move_dialog_moves_to_another_bay_and_time(world, desk):
    appointment = visits.book(world)
    bay = world.garage.bays[1]

    answer = _do(
        desk, appointment, "move", version=1, resource=bay.pk, starts_at=visits.tomorrow(14).strftime("%Y-%m-%dT%H:%M")
    )

    assert answer.status_code == 200
    appointment.refresh_from_db()
    assert (appointment.resource, appointment.starts_at) == (bay, visits.tomorrow(14))


def test_a_move_onto_a_taken_time_keeps_what_was_typed_and_changes_nothing(world, desk):
    first = visits.book(world)
    other = visits.VisitorInput(name="Trần Văn Nam", phone="0909111222", plate="30A12345")
    second = visits.book(world, hour=14, visitor=other)

    answer = _do(
        desk,
        second,
        "move",
        version=1,
        resource=first.resource_id,
        starts_at=visits.tomorrow(9).strftime("%Y-%m-%dT%H:%M"),
    )

    assert answer.status_code == 409
    assert f'value="{visits.tomorrow(9):%Y-%m-%dT%H:%M}"' in answer.content.decode()
    second.refresh_from_db()
    assert second.starts_at == visits.tomorrow(14)


def test_check_in_goes_on_to_the_desk_and_changes_nothing_yet(world, desk):
    appointment = visits.book(world)

    answer = _do(desk, appointment, "check_in", version=1)

    assert answer["HX-Redirect"] == f"/garage/check-in/?appointment={appointment.pk}"
    assert Appointment.objects.get().state == State.BOOKED


def _booking(world, **changes):
    return {
        "service_codes": ["OIL"],
        "starts_at": visits.tomorrow(10).strftime("%Y-%m-%dT%H:%M"),
        "resource": str(world.garage.bays[1].pk),
        "channel": "phone",
        "plate": "51g12345",
        "name": "Lê Minh Khoa",
        "phone": "0903 123 456",
        "make": "Toyota",
        "model": "Vios",
        "concern": "Rung khi phanh",
        **changes,
    }


def test_staff_book_a_free_time_of_the_calendar(world, desk):
    bay = world.garage.bays[1]
    at = visits.tomorrow(10)
    form = desk.get(f"/garage/appointments/new/?bay={bay.pk}&at={at:%Y-%m-%dT%H:%M}&in=dialog", headers=HTMX)
    assert f'value="{at:%Y-%m-%dT%H:%M}"' in form.content.decode()

    answer = desk.post("/garage/appointments/new/?in=dialog", _booking(world), headers=HTMX)

    made = Appointment.objects.get()
    assert answer["HX-Redirect"] == f"/garage/calendar/?day={at:%Y-%m-%d}&branch={world.garage.branch.pk}"
    assert (made.resource, made.starts_at, made.channel, made.plate) == (bay, at, "phone", "51G-123.45")
    assert (made.customer.phone, made.concern) == ("+84903123456", "Rung khi phanh")


def test_a_booking_without_a_bay_takes_a_free_one(world, desk):
    visits.book(world, hour=10)
    other = _booking(world, resource="", plate="30A12345", phone="0909111222", name="Nam")

    assert desk.post("/garage/appointments/new/", other).status_code == 302

    assert Appointment.objects.filter(starts_at=visits.tomorrow(10)).values("resource").distinct().count() == 2


def test_a_taken_time_is_refused_beside_its_field_with_nothing_lost(world, desk):
    visits.book(world, hour=10)
    taken = Appointment.objects.get()

    answer = desk.post(
        "/garage/appointments/new/",
        _booking(world, resource=str(taken.resource_id), plate="30A12345", name="Nam", phone="0909111222"),
    )

    assert answer.status_code == 409
    assert answer.context["form"].errors["starts_at"]
    assert answer.context["form"]["concern"].value() == "Rung khi phanh"
    assert Appointment.objects.count() == 1


def test_a_day_outside_the_hours_is_refused(world, desk):
    late = (visits.tomorrow(18) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")

    answer = desk.post("/garage/appointments/new/", _booking(world, starts_at=late))

    assert answer.status_code == 422
    assert not Appointment.objects.exists()


def test_booking_needs_the_right(world):
    assert browser_of(world.technician).post("/garage/appointments/new/", _booking(world)).status_code == 403
    assert not Appointment.objects.exists()
