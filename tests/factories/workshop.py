"""A garage ready for work: branch, bays with hours, store, menu, inspection list; customers and vehicles."""

from dataclasses import dataclass
from datetime import time

import factory

from apps.core.text import compact_key
from apps.engines.catalog.models import TaxClass
from apps.engines.customers.models import Customer
from apps.engines.inventory.models import Warehouse
from apps.engines.scheduling.models import Resource, WorkingHours
from apps.engines.vehicles.models import Vehicle
from apps.platform.organizations.models import Branch, Organization
from apps.verticals.workshop.models import InspectionTemplate, LabourOperation, ServicePackage
from tests.factories.catalog import TaxClassFactory, VehicleModelFactory
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.pricing import TaxRateFactory

POINTS = [
    {"group": "Phanh", "code": "front_pads", "name": "Má phanh trước", "name_en": "Front brake pads"},
    {"group": "Phanh", "code": "rear_pads", "name": "Má phanh sau", "name_en": "Rear brake pads"},
    {"group": "Khoang máy", "code": "oil", "name": "Dầu động cơ", "name_en": "Engine oil"},
]


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer

    organization = factory.SubFactory(OrganizationFactory)
    code = factory.Sequence(lambda n: f"KH-{n:05d}")
    name = factory.Sequence(lambda n: f"Trần Thị Bình {n}")
    phone = factory.Sequence(lambda n: f"+84912{n % 1_000_000:06d}")
    email = factory.Sequence(lambda n: f"khach{n}@example.com")


class VehicleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vehicle

    customer = factory.SubFactory(CustomerFactory)
    organization = factory.SelfAttribute("customer.organization")
    model = factory.SubFactory(VehicleModelFactory)
    vin = ""
    plate = factory.Sequence(lambda n: f"51G-{n // 100 % 1000:03d}.{n % 100:02d}")
    plate_key = factory.LazyAttribute(lambda vehicle: compact_key(vehicle.plate))
    search_text = factory.LazyAttribute(lambda vehicle: f"{vehicle.plate_key} {vehicle.vin.lower()}")


@dataclass(frozen=True)
class Garage:
    organization: Organization
    branch: Branch
    bays: list[Resource]
    warehouse: Warehouse
    oil_change: LabourOperation
    pads_labour: LabourOperation
    package: ServicePackage
    tax_class: TaxClass


def make_bay(branch: Branch, name: str = "Cầu 1", *, kind: str = Resource.Kind.BAY) -> Resource:
    """A bay open every day from 8:00 to 18:00."""
    bay = Resource.objects.create(organization=branch.organization, branch=branch, kind=kind, name=name)
    WorkingHours.objects.bulk_create(
        WorkingHours(resource=bay, weekday=day, starts_at=time(8), ends_at=time(18)) for day in range(7)
    )
    return bay


def make_garage(*, bays: int = 1, organization: Organization | None = None) -> Garage:
    """One branch with all that a visit needs; everything is taxed at 10 %."""
    organization = organization or OrganizationFactory()
    branch = BranchFactory(organization=organization)
    tax_class = TaxClassFactory()
    TaxRateFactory(tax_class=tax_class, rate=10)
    menu = {"organization": organization, "tax_class": tax_class}
    InspectionTemplate.objects.create(
        organization=organization,
        name="Kiểm tra 3 điểm",
        points=POINTS,
        quality_points=[{"code": "test_drive", "name": "Chạy thử"}],
        is_default=True,
    )
    return Garage(
        organization=organization,
        branch=branch,
        bays=[make_bay(branch, f"Cầu {number + 1}") for number in range(bays)],
        warehouse=WarehouseFactory(organization=organization, branch=branch),
        oil_change=LabourOperation.objects.create(
            code="OIL", name="Thay dầu động cơ", minutes=30, price=150_000, is_bookable=True, **menu
        ),
        pads_labour=LabourOperation.objects.create(
            code="PADS", name="Thay má phanh trước", minutes=60, price=300_000, is_bookable=True, **menu
        ),
        package=ServicePackage.objects.create(
            code="BD10", name="Bảo dưỡng 10.000 km", minutes=90, price=900_000, **menu
        ),
        tax_class=tax_class,
    )
