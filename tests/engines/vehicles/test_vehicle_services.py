"""Plates move, odometers go forward, VINs are unique: in the services and in the database."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.errors import NotAllowed, StaleWrite
from apps.engines.vehicles.errors import OdometerBackwards, PlateTaken, VinTaken
from apps.engines.vehicles.models import OdometerReading, PlateAssignment, Vehicle
from apps.engines.vehicles.selectors import find_vehicle_by_plate, list_vehicles, search_vehicles
from apps.engines.vehicles.services import assign_plate, record_odometer, register_vehicle, update_vehicle
from tests.factories.actors import actor_for
from tests.factories.catalog import VehicleModelFactory
from tests.factories.workshop import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return CustomerFactory()


@pytest.fixture
def advisor(customer):
    return actor_for("advisor", customer.organization)


@pytest.fixture
def vehicle(advisor, customer):
    return register_vehicle(
        advisor, customer=customer, plate="51g12345", model=VehicleModelFactory(), vin="1M8GDM9AXKP042788"
    )


def test_registering_keeps_plate_owner_and_search(advisor, customer, vehicle) -> None:
    assert vehicle.plate == "51G-123.45"
    assert vehicle.ownerships.get().customer == customer
    assert vehicle.plates.get().period.upper is None
    for text in ("12345", "51G 123", "vios", "1m8gdm9ax"):
        assert list(search_vehicles(list_vehicles(advisor), text)) == [vehicle]
    assert not search_vehicles(list_vehicles(advisor), "99999").exists()


def test_second_vehicle_with_the_same_plate_or_vin_is_refused(advisor, customer, vehicle) -> None:
    with pytest.raises(PlateTaken):
        register_vehicle(advisor, customer=customer, plate="51G-123.45", model=vehicle.model)
    with pytest.raises(VinTaken):
        register_vehicle(advisor, customer=customer, plate="51G-999.99", model=vehicle.model, vin=vehicle.vin)
    assert Vehicle.objects.count() == 1
    assert PlateAssignment.objects.count() == 1


def test_plate_moves_to_the_next_vehicle_and_both_histories_stay(advisor, customer, vehicle) -> None:
    PlateAssignment.objects.filter(vehicle=vehicle).update(period=DateRange(date(2020, 1, 1), None))
    other = register_vehicle(advisor, customer=customer, plate="51G-777.77", model=vehicle.model)
    PlateAssignment.objects.filter(vehicle=other).update(period=DateRange(date(2021, 1, 1), None))
    assign_plate(advisor, other, plate="51G-123.45", on=date(2025, 6, 1))
    vehicle.refresh_from_db()
    other.refresh_from_db()
    assert (vehicle.plate, other.plate) == ("", "51G-123.45")
    assert find_vehicle_by_plate(advisor, "51g12345") == other
    assert vehicle.plates.get().period == DateRange(date(2020, 1, 1), date(2025, 6, 1))
    assert {row.plate for row in other.plates.all()} == {"51G-777.77", "51G-123.45"}


def test_database_refuses_two_vehicles_with_one_plate(vehicle) -> None:
    row = vehicle.plates.get()
    copy = PlateAssignment(
        organization_id=row.organization_id,
        vehicle=vehicle,
        plate=row.plate,
        plate_key=row.plate_key,
        period=row.period,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_odometer_goes_back_only_with_a_reason(advisor, vehicle) -> None:
    record_odometer(advisor, vehicle, km=50_000)
    with pytest.raises(OdometerBackwards) as refusal:
        record_odometer(advisor, vehicle, km=49_000)
    assert refusal.value.details == {"last_km": 50_000}
    assert OdometerReading.objects.count() == 1
    record_odometer(advisor, vehicle, km=1_200, reason="Thay đồng hồ")
    vehicle.refresh_from_db()
    assert vehicle.odometer_km == 1_200
    assert [row.km for row in vehicle.odometer_readings.order_by("id")] == [50_000, 1_200]


def test_stale_and_forbidden_changes_are_refused(advisor, customer, vehicle) -> None:
    update_vehicle(advisor, vehicle, version=1, color="Đỏ")
    with pytest.raises(StaleWrite):
        update_vehicle(advisor, vehicle, version=1, color="Xanh")
    with pytest.raises(NotAllowed):
        update_vehicle(actor_for("technician", customer.organization), vehicle, color="Xanh")
    vehicle.refresh_from_db()
    assert vehicle.color == "Đỏ"


def test_other_companies_vehicles_do_not_exist(vehicle) -> None:
    assert not list_vehicles(actor_for("owner")).exists()
