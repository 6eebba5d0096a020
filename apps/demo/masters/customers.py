"""Customers of the garages with their vehicles, plates, VINs and first odometer readings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from apps.demo import fixtures
from apps.demo.masters.catalogue import Catalogue
from apps.demo.masters.companies import Company
from apps.demo.world import World
from apps.engines.customers.models import Customer
from apps.engines.customers.services import search_text as customer_words
from apps.engines.vehicles.models import Ownership, PlateAssignment, Vehicle
from apps.engines.vehicles.rules import format_plate, plate_key
from apps.engines.vehicles.services import search_text as vehicle_words

HANOI = {"01"}
SERIES = {"minh-phat": ("51", "GHKL"), "auto-hoang-gia": ("30", "EFGHKL")}
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
FLEET = 3  # vehicles that a company brings at most
CREDIT = Decimal(60_000_000)


@dataclass
class Car:
    """A vehicle as the year goes on: `km` on the clock, when it was last here and when it comes again."""

    vehicle: Vehicle
    make: str
    model: str
    year: int
    km_a_day: float
    km: int
    due: datetime
    read_at: datetime
    readings: list[int] = field(default_factory=list)

    @property
    def fit(self) -> tuple[str, str, int]:
        return (self.make, self.model, self.year)


def make_customers(world: World, garages: dict[str, Company], catalogue: Catalogue) -> dict[str, list[Car]]:
    """The vehicles of each garage by its slug."""
    cars: dict[str, list[Car]] = {slug: [] for slug in garages}
    street = _Street(world, catalogue)
    counts = dict.fromkeys(garages, 0)
    for row in fixtures.read("demo/people")["people"]:
        slug = "auto-hoang-gia" if row["address"]["province"] in HANOI else "minh-phat"
        counts[slug] += 1
        owner = _person(world, garages[slug], row, counts[slug])
        count = 2 if world.dice.random() < 0.06 else 1
        cars[slug] += [street.park(owner, slug) for _ in range(count)]
    for row in _companies():
        slug = "auto-hoang-gia" if row["address"]["province"] in HANOI else "minh-phat"
        counts[slug] += 1
        owner = _business(world, garages[slug], row, counts[slug])
        cars[slug] += [street.park(owner, slug) for _ in range(min(FLEET, row["vehicles"]))]
    return cars


def _companies() -> Iterator[dict[str, Any]]:
    """A dozen firms near the garages."""
    for row in fixtures.read("demo/people")["company_customers"]:
        if row["address"]["province"] in ("79", "01") and row["number"] % 3 == 1:
            yield row


def _person(world: World, garage: Company, row: dict[str, Any], number: int) -> Customer:
    return _customer(
        world,
        garage,
        number,
        kind=Customer.Kind.PERSON,
        name=f"{row['last_name']} {row['first_name']}",
        phone=row["phone"],
        email=row["email"] or "",
        address=fixtures.address_text(row["address"]),
        birth_date=date.fromisoformat(row["birth_date"]),
        has_marketing_consent=world.dice.random() < 0.6,
    )


def _business(world: World, garage: Company, row: dict[str, Any], number: int) -> Customer:
    return _customer(
        world,
        garage,
        number,
        kind=Customer.Kind.COMPANY,
        name=row["name"],
        phone=row["phone"],
        email=row["email"],
        address=fixtures.address_text(row["address"]),
        tax_code=row["tax_code"],
        notes=f"Liên hệ: {row['contact']['last_name']} {row['contact']['first_name']} ({row['contact']['title']})",
        credit_limit=CREDIT,
        tags=["doanh-nghiep"],
    )


def _customer(world: World, garage: Company, number: int, **values: Any) -> Customer:
    year = world.beginning.year
    customer = world.new(Customer, organization=garage.organization, code=f"KH-{year}-{number:05d}", **values)
    customer.search_text = customer_words(customer)
    return customer


class _Street:
    """Gives out models by how many articles fit them, plates and VINs that nobody else has."""

    def __init__(self, world: World, catalogue: Catalogue) -> None:
        self._world = world
        self._catalogue = catalogue
        self._plates: set[str] = set()
        data = fixtures.read("demo/makes")
        self._colours = ([row["name_vi"] for row in data["colours"]], [row["weight"] for row in data["colours"]])
        asked: dict[tuple[str, str], int] = {}
        for product in fixtures.read("demo/catalogue")["products"]:
            for make, model, _first, _last in product["fits"]:
                asked[make, model] = asked.get((make, model), 0) + product["popularity"]
        self._choices = [
            (make["name"], model, asked[make["name"], model["name"]])
            for make in data["makes"]
            for model in make["models"]
            if (make["name"], model["name"]) in asked and any(one["fuel"] != "electric" for one in model["engines"])
        ]

    def park(self, owner: Customer, slug: str) -> Car:
        world, dice = self._world, self._world.dice
        make, model, _weight = dice.choices(self._choices, [choice[2] for choice in self._choices])[0]
        year = dice.randint(max(2013, model["year_from"]), min(world.first_day.year - 1, model["year_to"] or 9999))
        plate = self._plate(slug)
        vehicle = world.new(
            Vehicle,
            organization_id=owner.organization_id,
            customer=owner,
            model=self._catalogue.models[make, model["name"]],
            year=year,
            color=dice.choices(*self._colours)[0],
            plate=plate,
            plate_key=plate_key(plate),
            vin=model["wmi"] + "".join(dice.choices(VIN_LETTERS, k=8)) + f"{dice.randrange(10**6):06d}",
            engine_number=f"{dice.choice(model['engines'])['code'][:12]}{dice.randrange(10**6):06d}",
            registered_on=date(year, dice.randint(1, 12), dice.randint(1, 28)),
        )
        vehicle.search_text = vehicle_words(vehicle)
        since = DateRange(vehicle.registered_on, None)
        world.new(Ownership, vehicle=vehicle, customer=owner, period=since)
        world.new(
            PlateAssignment,
            organization_id=owner.organization_id,
            vehicle=vehicle,
            plate=plate,
            plate_key=vehicle.plate_key,
            period=since,
        )
        km_a_day = dice.uniform(22, 60) if owner.kind == Customer.Kind.PERSON else dice.uniform(70, 130)
        age = world.first_day.year - year
        return Car(
            vehicle=vehicle,
            make=make,
            model=model["name"],
            year=year,
            km_a_day=km_a_day,
            km=int(age * 365 * min(km_a_day, 50) * dice.uniform(0.7, 1.0)),
            due=world.beginning,
            read_at=world.beginning,
        )

    def _plate(self, slug: str) -> str:
        province, letters = SERIES[slug]
        dice = self._world.dice
        while True:
            plate = format_plate(f"{province}{dice.choice(letters)}{dice.randrange(10_000, 99_999)}")
            if plate not in self._plates:
                self._plates.add(plate)
                return plate
