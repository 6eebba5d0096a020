"""Check-in at the desk: from the plate to the opened card."""

import base64
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.engines.customers.models import Customer
from apps.engines.vehicles.models import Vehicle
from apps.verticals.workshop.models import Appointment, JobCard, JobPhoto
from apps.verticals.workshop.portal.desk_forms import read_marks
from tests.support.portal import browser_of, member_with
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.desk import HTMX

pytestmark = pytest.mark.django_db
URL = "/garage/check-in/"


@pytest.fixture
def world():
    return visits.make_world()


@pytest.fixture
def desk(world):
    return browser_of(world.advisor)


def _typed(**changes):
    return {
        "plate": "51g12345",
        "name": "Lê Minh Khoa",
        "phone": "0903 123 456",
        "make": "Toyota",
        "model": "Vios",
        "year": "2019",
        "odometer_km": "45200",
        "fuel_percent": "40",
        "marks": json.dumps([{"view": "left", "x": 20, "y": 30.5, "kind": "dent", "note": "móp cửa"}]),
        "concern": "Rung khi phanh",
        "belongings": "Áo mưa",
        **changes,
    }


def _picture(name="xe.jpg"):
    buffer = BytesIO()
    Image.new("RGB", (80, 60), "gray").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def test_somebody_walks_in_and_the_card_is_opened_with_all_of_it(world, desk):
    signature = "data:image/png;base64," + base64.b64encode(visits.png()).decode()
    bay = world.garage.bays[1]
    data = _typed(bay=str(bay.pk), promised_at="2026-12-01T17:00", signature=signature, photos=[_picture(), _picture()])

    answer = desk.post(URL, data)

    card = JobCard.objects.get()
    assert answer["Location"] == f"/garage/job-cards/{card.pk}/"
    assert (card.vehicle.plate, str(card.vehicle.model), card.vehicle.year) == ("51G-123.45", "Toyota Vios", 2019)
    assert (card.customer.phone, card.concern, card.bay) == ("+84903123456", "Rung khi phanh", bay)
    assert card.promised_at.isoformat() == "2026-12-01T10:00:00+00:00"
    came = card.check_in
    assert (came.odometer_km, came.fuel_percent, came.belongings) == (45_200, 40, "Áo mưa")
    assert came.marks == [{"view": "left", "x": 20, "y": 30.5, "kind": "dent", "note": "móp cửa"}]
    assert came.signature is not None
    assert set(card.photos.values_list("stage", flat=True)) == {JobPhoto.Stage.CHECK_IN}
    assert card.photos.count() == 2


def test_an_appointment_fills_the_form_and_is_checked_in(world, desk):
    appointment = visits.book(world)
    url = f"{URL}?appointment={appointment.pk}"

    form = desk.get(url).context["form"]
    assert (form["plate"].value(), form["name"].value(), form["make"].value()) == (
        "51G-123.45",
        "Lê Minh Khoa",
        "Toyota",
    )
    assert (form["bay"].value(), form["concern"].value()) == (str(appointment.resource_id), "Thay dầu động cơ")
    desk.post(url, _typed(plate="51G-123.45", concern=""))

    appointment.refresh_from_db()
    assert appointment.state == Appointment.State.CHECKED_IN
    assert (appointment.job_card.customer, appointment.job_card.concern) == (appointment.customer, "Thay dầu động cơ")


def test_a_known_plate_fills_in_owner_and_history(world, desk):
    visits.check_in(world)

    text = desk.get("/garage/visitor/", {"plate": "51G 123.45", "odometer_km": "", "name": "?"}).content.decode()

    card = JobCard.objects.get()
    assert 'value="Lê Minh Khoa"' in text
    assert 'value="Vios"' in text
    assert 'data-last-km="45000"' in text
    assert card.number in text


def test_an_unknown_plate_keeps_what_was_typed(world, desk):
    text = desk.get("/garage/visitor/", {"plate": "30A-999.99", "name": "Nguyễn Nam"}).content.decode()

    assert 'value="Nguyễn Nam"' in text
    assert "alert" not in text


def test_a_vehicle_of_another_company_stays_unknown(world):
    visits.check_in(world)
    stranger = member_with("customer.view", "vehicle.view", "job_card.open")

    text = browser_of(stranger).get("/garage/visitor/", {"plate": "51G-123.45"}).content.decode()

    assert "Lê Minh Khoa" not in text


def test_a_lower_odometer_asks_for_the_reason_and_keeps_everything(world, desk):
    first = visits.check_in(world)
    JobCard.objects.filter(pk=first.pk).update(state=JobCard.State.DELIVERED)

    refused = desk.post(URL, _typed(odometer_km="44000"), headers=HTMX)

    assert refused.status_code == 422
    text = refused.content.decode()
    assert refused.context["form"].errors["odometer_km"]
    assert "<html" not in text
    assert "móp cửa" in text
    assert 'id="check-in-photos" hx-preserve="true"' in text
    assert JobCard.objects.count() == 1
    told = desk.post(URL, _typed(odometer_km="44000", odometer_reason="Thay đồng hồ"))
    assert told.status_code == 302
    assert Vehicle.objects.get().odometer_readings.order_by("-read_at").first().reason == "Thay đồng hồ"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plate": "???"}, "plate"),
        ({"vin": "123"}, "vin"),
        ({"phone": "12"}, "phone"),
        ({"odometer_km": ""}, "odometer_km"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_leaves_nothing(world, desk, changes, field):
    answer = desk.post(URL, _typed(**changes))

    assert answer.status_code in (400, 422)
    assert answer.context["form"].errors[field]
    assert (JobCard.objects.count(), Vehicle.objects.count(), Customer.objects.count()) == (0, 0, 0)


def test_a_vehicle_in_the_workshop_is_not_taken_in_twice(world, desk):
    visits.check_in(world)

    answer = desk.post(URL, _typed(odometer_km="46000"))

    assert answer.status_code == 409
    assert answer.context["form"].errors["plate"]
    assert JobCard.objects.count() == 1
    assert Vehicle.objects.get().odometer_km == 45_000


def test_pressing_twice_opens_one_card(world, desk):
    token = desk.get(URL).context["token"]

    first = desk.post(URL, _typed(form_token=token))
    second = desk.post(URL, _typed(form_token=token))

    assert first["Location"] == second["Location"]
    assert JobCard.objects.count() == 1


def test_a_broken_picture_does_not_undo_the_check_in(world, desk):
    broken = SimpleUploadedFile("xe.jpg", b"no picture", content_type="image/jpeg")

    answer = desk.post(URL, _typed(photos=[_picture(), broken]), follow=True)

    assert JobCard.objects.get().photos.count() == 1
    assert "1" in str(next(iter(answer.context["messages"])))


def test_marks_that_are_none_are_left_out():
    good = {"view": "top", "x": 0, "y": 100, "kind": "crack", "note": ""}
    bad = [
        {**good, "view": "below"},
        {**good, "kind": "hole"},
        {**good, "x": 101},
        {**good, "y": "50"},
        "mark",
        None,
    ]

    assert read_marks([*bad, good]) == [good]
    assert read_marks({"view": "top"}) == []
    assert len(read_marks([good] * 100)) == 60


def test_who_is_expected_today_is_offered(world, desk):
    appointment = visits.book(world)
    Appointment.objects.update(starts_at=visits.tomorrow(9) - timedelta(days=1), ends_at=visits.tomorrow(9))

    assert f"?appointment={appointment.pk}" in desk.get(URL).content.decode()


def test_it_needs_the_right_and_the_branch(world):
    appointment = visits.book(world)
    stranger = member_with("job_card.open")

    assert browser_of(world.technician).get(URL).status_code == 403
    assert browser_of(stranger).get(f"{URL}?appointment={appointment.pk}").status_code == 404
