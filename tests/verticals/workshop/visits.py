"""Steps of a visit for tests: each returns the document as the story left it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image

from apps.core.actor import Actor, ActorKind, visitor_actor
from apps.engines.catalog.models import Variant
from apps.platform.organizations.models import Organization
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, Estimate, JobCard
from apps.verticals.workshop.types import CheckInInput, DecisionInput, EstimateLineInput, PointInput, VisitorInput
from tests.factories.actors import actor_for
from tests.factories.catalog import BrandFactory, VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import OrganizationFactory
from tests.factories.workshop import Garage, make_garage

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
VISITOR = VisitorInput(
    name="Lê Minh Khoa", phone="0903123456", email="khoa@example.com", plate="51g12345", make="Toyota", model="Vios"
)


def png() -> bytes:
    """A small picture, as a signature field sends it."""
    buffer = BytesIO()
    Image.new("RGB", (60, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


def tomorrow(hour: int) -> datetime:
    day = datetime.now(ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(hour), ZONE)


@dataclass(frozen=True)
class World:
    """A garage with pads in stock and none of the oil filter, which a distributor has."""

    garage: Garage
    advisor: Actor
    technician: Actor
    manager: Actor
    cashier: Actor
    visitor: Actor
    pads: Variant
    oil_filter: Variant
    distributor: Organization
    seller: Actor
    offered_filter: Variant


def make_world() -> World:
    garage = make_garage(bays=2)
    organization = garage.organization
    brand = BrandFactory(name="Bosch")
    pads = VariantFactory(
        organization=organization, product__brand=brand, product__tax_class=garage.tax_class, price=650_000
    )
    oil_filter = VariantFactory(
        organization=organization,
        product__brand=brand,
        product__part_number="OF-1234",
        product__tax_class=garage.tax_class,
        price=120_000,
    )
    put_stock(pads, garage.warehouse, 4, unit_cost=400_000)
    distributor = OrganizationFactory(kinds=["distributor"])
    offered = VariantFactory(
        organization=distributor,
        product__brand=brand,
        product__part_number="OF 1234",
        product__tax_class=garage.tax_class,
        price=80_000,
    )
    put_stock(offered, WarehouseFactory(organization=distributor), 10, unit_cost=50_000)
    return World(
        garage=garage,
        advisor=actor_for("advisor", organization, garage.branch),
        technician=actor_for("technician", organization, garage.branch),
        manager=actor_for("manager", organization, garage.branch),
        cashier=actor_for("cashier", organization, garage.branch),
        visitor=visitor_actor(organization.pk, frozenset({"appointment.book"})),
        pads=pads,
        oil_filter=oil_filter,
        distributor=distributor,
        seller=actor_for("owner", distributor),
        offered_filter=offered,
    )


def book(world: World, *, hour: int = 9, visitor: VisitorInput = VISITOR) -> Appointment:
    return services.book_appointment(
        world.visitor, branch=world.garage.branch, starts_at=tomorrow(hour), service_codes=["OIL"], visitor=visitor
    )


def check_in(world: World, appointment: Appointment | None = None, *, km: int = 45_000) -> JobCard:
    return services.check_in(
        world.advisor,
        branch=world.garage.branch,
        visitor=VISITOR,
        arrival=CheckInInput(
            odometer_km=km, fuel_percent=40, marks=({"view": "left", "x": 20, "y": 30, "kind": "dent"},)
        ),
        appointment=appointment,
    )


def estimate(world: World, card: JobCard) -> Estimate:
    """Inspection with a red point, then labour and pads for the brakes and an oil filter; sent."""
    services.record_inspection(
        world.advisor,
        card,
        points=[PointInput(code="front_pads", rating="red", note="Còn 2 mm"), PointInput(code="oil", rating="green")],
    )
    made = services.save_estimate(
        world.advisor,
        card,
        lines=[
            EstimateLineInput(
                kind="labour", group="Phanh trước", operation_id=world.garage.pads_labour.pk, severity="red"
            ),
            EstimateLineInput(
                kind="part", group="Phanh trước", variant_id=world.pads.pk, discount=Decimal(50_000), severity="red"
            ),
            EstimateLineInput(kind="labour", group="Dầu", operation_id=world.garage.oil_change.pk),
            EstimateLineInput(kind="part", group="Dầu", variant_id=world.oil_filter.pk, quantity=Decimal(1)),
            EstimateLineInput(kind="fee", description="Rửa xe", unit_price=Decimal(60_000)),
        ],
    )
    return services.send_estimate(world.advisor, made)


def answer(made: Estimate, *, declined: tuple[str, ...] = (), **changes: object) -> DecisionInput:
    """Approves every open line but those whose description is named."""
    lines = made.lines.exclude(decision="approved")
    decisions = {line.pk: "declined" if line.description in declined else "approved" for line in lines}
    values = {
        "decisions": decisions,
        "name": "Lê Minh Khoa",
        "document_hash": made.document_hash,
        "reasons": dict.fromkeys((key for key, value in decisions.items() if value == "declined"), "Để lần sau"),
        "signature_png": png(),
    }
    return DecisionInput(**{**values, **changes})


def link_actor(world: World) -> Actor:
    return visitor_actor(
        world.garage.organization.pk,
        frozenset({"estimate.decide"}),
        kind=ActorKind.LINK,
        name="Lê Minh Khoa",
        ip="127.0.0.1",
    )


def approve(world: World, made: Estimate, **changes: object) -> Estimate:
    return services.decide_estimate(link_actor(world), made, answer=answer(made, **changes))
