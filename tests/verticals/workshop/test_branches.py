"""A vehicle goes to another branch of the company."""

import pytest

from apps.core.actor import Actor
from apps.engines.vehicles.models import Vehicle
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Branch
from apps.verticals.workshop import services
from apps.verticals.workshop.errors import VehicleInWorkshop
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.types import CheckInInput
from tests.factories.actors import actor_for
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


@pytest.fixture
def elsewhere(world) -> Branch:
    branch = BranchFactory(organization=world.garage.organization)
    WarehouseFactory(organization=world.garage.organization, branch=branch)
    return branch


def arrive(advisor: Actor, branch: Branch) -> JobCard:
    return services.check_in(
        advisor, branch=branch, visitor=visits.VISITOR, arrival=CheckInInput(odometer_km=46_000, fuel_percent=50)
    )


def test_it_is_checked_in_there_and_belongs_to_that_branch(world, elsewhere) -> None:
    first = visits.check_in(world)
    services.cancel_card(world.manager, first, reason="Khách đổi ý")
    advisor = actor_for("advisor", world.garage.organization, elsewhere)
    assert not Vehicle.objects.visible_to(advisor).exists()

    card = arrive(advisor, elsewhere)

    assert (card.vehicle_id, card.branch, card.customer_id) == (first.vehicle_id, elsewhere, first.customer_id)
    assert Vehicle.objects.visible_to(advisor).get().pk == first.vehicle_id
    assert not JobCard.objects.visible_to(advisor).filter(pk=first.pk).exists()
    entry = AuditLog.objects.get(action="vehicle.changed_branch")
    assert (entry.old_values, entry.new_values) == (
        {"branch": str(world.garage.branch.pk)},
        {"branch": str(elsewhere.pk)},
    )


def test_a_vehicle_that_still_stands_in_a_workshop_is_refused(world, elsewhere) -> None:
    first = visits.check_in(world)
    advisor = actor_for("advisor", world.garage.organization, elsewhere)

    with pytest.raises(VehicleInWorkshop):
        arrive(advisor, elsewhere)

    assert JobCard.objects.get() == first
    assert Vehicle.objects.get().branch == world.garage.branch
    assert not AuditLog.objects.filter(action="vehicle.changed_branch").exists()
