"""Vehicles in the garage portal."""

from datetime import timedelta

import pytest

from apps.core.clock import local_date
from apps.engines.customers.services import create_customer, update_customer
from apps.engines.vehicles.models import Ownership, Vehicle
from apps.engines.vehicles.portal import draw_readings, find_vehicles
from apps.engines.vehicles.selectors import list_readings, list_vehicles, search_vehicles
from apps.engines.vehicles.services import find_or_create_model, record_odometer, register_vehicle
from apps.platform.organizations.models import Organization
from tests.factories.organizations import BranchFactory
from tests.support.portal import DetailKit, ListKit, browser_of, member_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "dialog"}


def make(actor, number=1, **fields):
    place = Organization.objects.get(pk=actor.organization_id)
    editor = member_with("customer.edit", "vehicle.edit", place=place)
    owner = create_customer(editor, name=f"Chủ xe {number:03d}", phone=f"09031{number:05d}")
    values = {"plate": f"51G-{number:03d}.11", "model": find_or_create_model("Toyota", "Vios"), **fields}
    return register_vehicle(editor, customer=owner, **values)


class TestVehicleList(ListKit):
    url_name = "garage:vehicles"
    right = "vehicle.view"
    sorts = ("plate", "model", "owner", "odometer", "status")
    filter_queries = ("status=active", "make=7b1d5f0e-0000-7000-8000-000000000000")

    def make_row(self, actor, number=1):
        return make(actor, number)

    def make_foreign_row(self):
        return make(self.make_member(self.right), 99)

    def search_for(self, row):
        return row.plate.replace("-", " ").lower()


class TestVehicleDetail(DetailKit):
    url_name = "garage:vehicle"
    right = "vehicle.view"
    has_branches = True

    def make_row(self, actor, number=1):
        return make(actor, number)

    def make_row_of_other_branch(self, actor):
        other = BranchFactory(organization_id=actor.organization_id)
        return make(actor, branch_id=other.pk)


@pytest.fixture
def actor():
    return member_with("customer.view", "customer.edit", "vehicle.view", "vehicle.edit")


@pytest.fixture
def vehicle(actor):
    return make(actor, year=2021, color="Bạc")


def test_a_vehicle_is_found_by_any_part_of_plate_or_by_owner(actor, vehicle):
    for text in ("51g00111", "001.11", "chu xe 001", "0903100001", "vios bac"):
        assert list(search_vehicles(list_vehicles(actor), text)) == [vehicle], text
    assert [item.hint for item in find_vehicles(actor, "51g")] == ["Toyota Vios · Chủ xe 001"]


def test_a_new_name_of_the_owner_finds_the_vehicle(actor, vehicle):
    update_customer(actor, vehicle.customer, name="Phạm Quốc Đạt")

    assert list(search_vehicles(list_vehicles(actor), "quoc dat")) == [vehicle]
    assert not search_vehicles(list_vehicles(actor), "chu xe")


def test_a_vehicle_is_registered_for_a_known_customer(actor):
    owner = create_customer(actor, name="Phạm Quốc Đạt", phone="0903123456")
    client = browser_of(actor)
    url = f"/garage/vehicles/new/?customer={owner.pk}"
    assert client.get(url).context["form"].initial == {"owner_name": owner.name, "owner_phone": owner.phone}

    answer = client.post(
        url,
        {
            "plate": "30a-123.45",
            "owner_name": owner.name,
            "owner_phone": owner.phone,
            "make": "Kia",
            "model": "Morning",
        },
    )

    made = Vehicle.objects.get()
    assert answer["Location"] == f"/garage/vehicles/{made.pk}/"
    assert (made.plate, str(made.model), made.customer) == ("30A-123.45", "Kia Morning", owner)


def test_a_plate_nobody_can_read_is_refused_beside_the_field_and_makes_nothing(actor):
    answer = browser_of(actor).post(
        "/garage/vehicles/new/", {"plate": "???", "owner_name": "Đạt", "make": "Kia", "model": "Morning"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors["plate"]
    assert not Vehicle.objects.exists()


def test_a_plate_moves_and_both_histories_stay(actor, vehicle):
    other = make(actor, 2)

    answer = browser_of(actor).post(
        f"/garage/vehicles/{other.pk}/do/plate/",
        {"plate": vehicle.plate, "on": local_date() + timedelta(days=1)},
        headers=HTMX,
    )

    assert answer.status_code == 200
    vehicle.refresh_from_db()
    other.refresh_from_db()
    assert (vehicle.plate, other.plate) == ("", "51G-001.11")
    assert [row.plate for row in other.plates.order_by("period")] == ["51G-002.11", "51G-001.11"]
    assert vehicle.plates.get().period.upper == local_date() + timedelta(days=1)


def test_an_owner_of_today_is_replaced_and_an_earlier_one_kept(actor, vehicle):
    first = vehicle.customer
    Ownership.objects.update(period=(local_date() - timedelta(days=30), None))
    url = f"/garage/vehicles/{vehicle.pk}/do/owner/"

    answer = browser_of(actor).post(url, {"owner_name": "Phạm Quốc Đạt", "owner_phone": "0903999888"}, headers=HTMX)

    assert answer.status_code == 200
    vehicle.refresh_from_db()
    assert vehicle.customer.name == "Phạm Quốc Đạt"
    rows = list(vehicle.ownerships.order_by("period"))
    assert [row.customer for row in rows] == [first, vehicle.customer]
    assert rows[0].period.upper == rows[1].period.lower == local_date()
    assert list(search_vehicles(list_vehicles(actor), "quoc dat")) == [vehicle]


def test_a_lower_odometer_needs_a_reason(actor, vehicle):
    record_odometer(actor, vehicle, km=50_000)
    client = browser_of(actor)
    url = f"/garage/vehicles/{vehicle.pk}/do/odometer/"

    refused = client.post(url, {"km": 40_000}, headers=HTMX)
    assert refused.status_code == 422
    assert vehicle.odometer_readings.count() == 1
    told = client.post(url, {"km": 40_000, "reason": "Thay đồng hồ"}, headers=HTMX)

    assert told.status_code == 200
    assert [row.km for row in list_readings(vehicle)] == [50_000, 40_000]


def test_the_odometer_is_drawn_from_two_readings_on(actor, vehicle):
    record_odometer(actor, vehicle, km=10_000)
    assert draw_readings(list_readings(vehicle))["dots"] == []
    record_odometer(actor, vehicle, km=20_000)
    record_odometer(actor, vehicle, km=30_000)

    assert draw_readings(list_readings(vehicle))["line"] == "0.0,200.0 500.0,100.0 1000.0,0.0"


def test_the_customer_page_lists_their_vehicles(actor, vehicle):
    page = browser_of(actor).get(f"/garage/customers/{vehicle.customer_id}/").content.decode()

    assert 'id="part-vehicles"' in page
    assert f"/garage/vehicles/{vehicle.pk}/" in page


def test_a_make_is_offered_as_filter_only_where_it_is_used(actor, vehicle):
    find_or_create_model("Honda", "City")
    client = browser_of(actor)

    page = client.get("/garage/vehicles/").content.decode()
    only = client.get("/garage/vehicles/", {"make": str(vehicle.model.make_id)}).content.decode()

    assert ("Toyota" in page, "Honda" in page) == (True, False)
    assert vehicle.plate in only
