"""Appointments and work for tests of the desk and of the technician's phone."""

from datetime import datetime, timedelta
from typing import Any

from apps.core.actor import Actor
from apps.core.clock import now
from apps.engines.scheduling.models import Reservation, Resource
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, JobCard, JobTask
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import CustomerFactory
from tests.verticals.workshop import visits

HTMX = {"HX-Request": "true"}


def make_appointment(actor: Actor, number: int = 1, *, branch: Branch | None = None, **fields: Any) -> Appointment:
    """A bare appointment of the actor's company, a day apart for each number."""
    branch = branch or Branch.objects.filter(organization_id=actor.organization_id).first()
    branch = branch or BranchFactory(organization_id=actor.organization_id)
    bay, _is_new = Resource.objects.get_or_create(
        organization=branch.organization, branch=branch, kind=Resource.Kind.BAY, name="Cầu 1"
    )
    starts_at = fields.pop("starts_at", visits.tomorrow(9) + timedelta(days=number))
    ends_at = starts_at + timedelta(minutes=30)
    key = f"51g{number:05d}"
    reservation = Reservation.objects.create(
        organization=branch.organization,
        branch=branch,
        resource=bay,
        period=(starts_at, ends_at),
        party_key=key,
        source_type="workshop.appointment",
        source_id=bay.pk,
    )
    return Appointment.objects.create(
        organization=branch.organization,
        branch=branch,
        number=f"LH-{branch.pk.hex[-6:]}-{number:04d}",
        customer=CustomerFactory(organization=branch.organization),
        plate=f"51G-{number:03d}.11",
        resource=bay,
        reservation=reservation,
        starts_at=starts_at,
        ends_at=ends_at,
        service_codes=["OIL"],
        service_text="Thay dầu động cơ",
        channel="phone",
        **fields,
    )


def work_for(world: visits.World) -> tuple[JobCard, list[JobTask]]:
    """A card whose two tasks (pads in stock, oil filter missing) belong to the technician."""
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card), declined=("Rửa xe",))
    tasks = list(card.tasks.all())
    services.assign_tasks(world.advisor, card, assignments={task.pk: world.technician.user_id for task in tasks})
    card.refresh_from_db()
    return card, tasks


def minutes_ago(minutes: int) -> datetime:
    return now() - timedelta(minutes=minutes)
