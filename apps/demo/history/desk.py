"""What the service desk does in a visit of the past: booking, check-in, inspection, estimate, decision."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.demo.history.log import note
from apps.demo.history.work import describe_green
from apps.engines.pricing.rules import calculate_line
from apps.engines.scheduling.models import Reservation
from apps.engines.vehicles.models import OdometerReading, Vehicle
from apps.verticals.workshop.models import (
    Appointment,
    CheckIn,
    Estimate,
    EstimateDecision,
    EstimateLine,
    InspectionPoint,
    JobCard,
)
from apps.verticals.workshop.rules import calculate_totals, document_hash

if TYPE_CHECKING:
    from apps.demo.history.visits import Visit
    from apps.demo.history.year import Year

MARKS = [
    {"view": "left", "x": 34, "y": 52, "kind": "scratch", "note": "Trầy nhẹ cửa trước"},
    {"view": "right", "x": 71, "y": 48, "kind": "dent", "note": "Móp nhỏ cửa sau"},
    {"view": "front", "x": 22, "y": 66, "kind": "scratch", "note": "Trầy cản trước"},
    {"view": "rear", "x": 80, "y": 60, "kind": "scratch", "note": "Xước cản sau"},
]
BELONGINGS = ("", "", "", "Ghế trẻ em", "Dù, áo mưa trong cốp", "Thẻ thu phí, kính mát", "Bộ đồ nghề trong cốp")
CHANNELS = (Appointment.Channel.WEB, Appointment.Channel.PHONE, Appointment.Channel.APP)


def book(year: "Year", this: "Visit", arrival: datetime) -> Appointment | None:
    """An appointment in a free bay; None when there is none, then the customer just comes."""
    shop, vehicle = this.shop, this.car.vehicle
    minutes = max(30, this.proposal.minutes)
    bay = shop.free_bay(arrival, minutes)
    if bay is None:
        return None
    world, now = year.world, year.now
    key = world.ids.at(now)
    reservation = world.new(
        Reservation,
        now,
        organization_id=vehicle.organization_id,
        branch=shop.site.branch,
        resource=bay,
        period=DateTimeTZRange(arrival, arrival + timedelta(minutes=minutes)),
        state=Reservation.State.DONE,
        party_key=vehicle.plate_key,
        source_type="workshop.appointment",
        source_id=key,
    )
    row = world.new(
        Appointment,
        now,
        organization_id=vehicle.organization_id,
        branch=shop.site.branch,
        number=year.numbers.daily(vehicle.organization_id, "LH", now),
        customer_id=vehicle.customer_id,
        vehicle=vehicle,
        plate=vehicle.plate,
        vehicle_text=str(vehicle.model),
        resource=bay,
        reservation=reservation,
        starts_at=arrival,
        ends_at=arrival + timedelta(minutes=minutes),
        service_codes=this.proposal.service_codes,
        service_text=this.proposal.service_text,
        concern=this.proposal.concern,
        channel=world.dice.choices(CHANNELS, (5, 4, 1))[0],
        state=Appointment.State.CHECKED_IN,
        reminded_at=arrival - timedelta(hours=20),
    )
    row.id = key
    note(world, now, "appointment.booked", row, by=vehicle.customer.name, is_public=True)
    return row


def give_up_appointment(year: "Year", appointment: Appointment, *, is_no_show: bool) -> None:
    appointment.state = Appointment.State.NO_SHOW if is_no_show else Appointment.State.CANCELLED
    appointment.cancel_reason = "" if is_no_show else "Khách bận, sẽ hẹn lại"
    appointment.reservation.state = Reservation.State.RELEASED
    action = "appointment.no_show" if is_no_show else "appointment.cancel"
    note(year.world, year.now, action, appointment, is_public=True)


def check_in(year: "Year", this: "Visit") -> JobCard:
    """The card with how the vehicle came."""
    world, now, site = year.world, year.now, this.shop.site
    vehicle, appointment = this.car.vehicle, this.appointment
    days = max(0, (now - this.car.read_at).days)
    this.car.km += int(days * this.car.km_a_day * world.dice.uniform(0.8, 1.15)) + world.dice.randint(1, 9)
    this.car.read_at = now
    card = world.new(
        JobCard,
        now,
        organization_id=vehicle.organization_id,
        branch=site.branch,
        number=year.numbers.daily(vehicle.organization_id, "JC", now),
        appointment=appointment,
        customer=vehicle.customer,
        vehicle=vehicle,
        bay=appointment.resource if appointment else world.dice.choice(site.bays),
        advisor=world.dice.choice(site.people["advisor"]),
        warehouse=site.warehouse,
        state=JobCard.State.DELIVERED,
        concern=this.proposal.concern or this.proposal.service_text,
        promised_at=appointment.ends_at if appointment else now + timedelta(hours=3),
    )
    world.new(
        CheckIn,
        now,
        job_card=card,
        odometer_km=this.car.km,
        fuel_percent=world.dice.randrange(15, 95, 5),
        marks=world.dice.sample(MARKS, 1) if world.dice.random() < 0.3 else [],
        belongings=world.dice.choice(BELONGINGS),
        checked_in_by=card.advisor,
    )
    if appointment:
        note(world, now, "appointment.check_in", appointment, by=card.advisor, is_public=True)
    note(world, now, "job_card.opened", card, by=card.advisor, data={"plate": vehicle.plate}, is_public=True)
    return card


def read_odometer(year: "Year", this: "Visit") -> None:
    vehicle = this.car.vehicle
    year.world.new(
        OdometerReading,
        year.now,
        vehicle=vehicle,
        km=this.car.km,
        read_at=year.now,
        source_type="workshop.jobcard",
        source_id=this.card.pk,
        read_by=this.card.advisor,
    )
    vehicle.odometer_km = this.car.km
    vehicle.branch = this.shop.site.branch
    vehicle.status = Vehicle.Status.COMPLETED


def inspect(year: "Year", this: "Visit") -> dict[str, UUID]:
    """Every point of the list; red and yellow where something was found."""
    dice = year.world.dice
    points = {}
    for position, point in enumerate(this.shop.menu.points):
        rating, words = this.proposal.findings.get(point["code"], ("green", ""))
        points[point["code"]] = year.world.jot(
            InspectionPoint,
            year.now,
            job_card_id=this.card.pk,
            group=point["group"],
            code=point["code"],
            name=point["name"],
            rating=rating,
            note=words or describe_green(dice, point["code"]),
            position=position,
        )
    technician = dice.choice(this.shop.site.people["technician"])
    note(year.world, year.now, "job_card.inspect", this.card, by=technician, data={"points": len(points)})
    return points


def make_estimate(year: "Year", this: "Visit", points: dict[str, UUID]) -> None:
    """The estimate is made and sent."""
    card, now = this.card, year.now
    estimate = this.estimate = year.world.new(
        Estimate, now, job_card=card, number=1, made_by=card.advisor, sent_at=now, valid_until=now + timedelta(days=7)
    )
    rate = year.tax_rate(now.date())
    for position, item in enumerate(this.proposal.items):
        amounts = calculate_line(item.quantity, item.unit_price, Decimal(0), rate, "VND")
        line = year.world.new(
            EstimateLine,
            now,
            estimate=estimate,
            position=position,
            group=item.group,
            kind=item.kind,
            description=item.description,
            operation=this.shop.menu.operations.get(item.operation),
            package=this.shop.menu.packages.get(item.package),
            variant=item.article.variant if item.article else None,
            inspection_point_id=points.get(item.point),
            severity=item.severity,
            minutes=item.minutes,
            unit=item.article.variant.unit if item.article else "",
            quantity=item.quantity,
            unit_price=item.unit_price,
            discount=Decimal(0),
            net=amounts.net,
            tax_rate=rate,
            tax=amounts.tax,
            gross=amounts.gross,
        )
        this.lines.append(line)
    for name, amount in calculate_totals(this.lines).items():
        setattr(estimate, name, amount)
    estimate.document_hash = document_hash(1, "VND", this.lines)
    note(year.world, now, "job_card.estimate", card, by=card.advisor, data={"version": 1})
    note(year.world, now, "job_card.send_estimate", card, by=card.advisor, data={"version": 1}, is_public=True)


def decide(year: "Year", this: "Visit", *, is_no: bool = False) -> None:
    """The customer's answer with its evidence; the card's totals are of what was approved."""
    card, now, dice = this.card, year.now, year.world.dice
    for line, item in zip(this.lines, this.proposal.items, strict=True):
        is_declined = is_no or item.is_declined
        line.decision = "declined" if is_declined else "approved"
        line.decline_reason = (item.reason or "Hôm nay cần xe gấp") if is_declined else ""
    this.estimate.state, this.estimate.decided_at = Estimate.State.DECIDED, now
    for name, amount in calculate_totals(this.approved).items():
        setattr(card, name, amount)
    channel = dice.choices(("link", "phone", "desk"), (65, 15, 20))[0]
    customer = this.car.vehicle.customer
    year.world.new(
        EstimateDecision,
        now,
        estimate=this.estimate,
        channel=channel,
        decided_by_name=customer.name[:120],
        keyed_by=None if channel == "link" else card.advisor,
        lines=[
            {
                "line": str(line.pk),
                "description": line.description,
                "gross": str(line.gross),
                "decision": line.decision,
                "reason": line.decline_reason,
            }
            for line in this.lines
        ],
        total_seen=this.estimate.total,
        document_hash=this.estimate.document_hash,
        ip=f"113.161.{dice.randint(1, 254)}.{dice.randint(1, 254)}" if channel == "link" else None,
        user_agent="Mozilla/5.0 (Linux; Android 14) Mobile Safari" if channel == "link" else "",
    )
    by = customer.name if channel == "link" else card.advisor
    data = {"approved": len(this.approved), "declined": len(this.lines) - len(this.approved), "name": customer.name}
    note(year.world, now, "job_card.estimate_answered", card, by=by, data=data, is_public=True)
    if not is_no:
        note(year.world, now, "job_card.approve", card, by=by, is_public=True)


def close_card(year: "Year", this: "Visit") -> None:
    """Nothing was wanted: the card is cancelled and the vehicle leaves."""
    this.card.state, this.card.cancel_reason = JobCard.State.CANCELLED, "Khách hẹn lần khác"
    data = {"reason": this.card.cancel_reason}
    note(year.world, year.now, "job_card.cancel", this.card, by=this.card.advisor, data=data)
