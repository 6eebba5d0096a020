"""Clocks, parts, checks and hand-over: what is refused, and that a refusal leaves nothing behind."""

from decimal import Decimal

import pytest

from apps.core.errors import IllegalMove, NotAllowed, NotFound, StaleWrite
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.orders.models import Order
from apps.engines.orders.services import cancel_order, confirm_order
from apps.engines.scheduling.models import Reservation
from apps.verticals.workshop import services
from apps.verticals.workshop.errors import (
    CheckedByWorker,
    ClockNotRunning,
    ClockRunning,
    NoOffer,
    NothingMissing,
    NotYourTask,
    PartsIssued,
    ReasonMissing,
    TasksOpen,
    TechnicianUnknown,
    TooManyIssued,
    VehicleInWorkshop,
)
from apps.verticals.workshop.models import JobCard, PartRequirement, WorkLog
from tests.factories.actors import actor_for
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db
S = JobCard.State


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


@pytest.fixture
def card(world) -> JobCard:
    """Approved, tasks given to the technician."""
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card), declined=("Rửa xe",))
    tasks = dict.fromkeys(card.tasks.values_list("pk", flat=True), world.technician.user_id)
    return services.assign_tasks(world.advisor, card, assignments=tasks)


def fresh(card: JobCard) -> JobCard:
    return JobCard.objects.get(pk=card.pk)


def test_one_open_clock_per_person(world, card) -> None:
    first, second = card.tasks.all()
    log = services.start_clock(world.technician, first)
    assert services.start_clock(world.technician, first) == log
    with pytest.raises(ClockRunning) as refusal:
        services.start_clock(world.technician, second)
    assert refusal.value.details["task"] == first.description
    assert WorkLog.objects.count() == 1
    services.stop_clock(world.technician, first)
    with pytest.raises(ClockNotRunning):
        services.stop_clock(world.technician, first)
    services.start_clock(world.technician, second)
    assert WorkLog.objects.filter(is_open=True).count() == 1


def test_somebody_elses_task_is_closed(world, card) -> None:
    other = actor_for("technician", branch=world.garage.branch)
    with pytest.raises(NotYourTask):
        services.start_clock(other, card.tasks.first())
    stranger = actor_for("technician")
    with pytest.raises(NotFound):
        services.start_clock(stranger, card.tasks.first())
    assert not WorkLog.objects.exists()


def test_only_technicians_of_the_branch_get_tasks(world, card) -> None:
    task = card.tasks.first()
    for person in (world.cashier.user_id, actor_for("technician").user_id):
        with pytest.raises(TechnicianUnknown):
            services.assign_tasks(world.advisor, card, assignments={task.pk: person})
    task.refresh_from_db()
    assert task.technician_id == world.technician.user_id


def test_no_more_is_issued_than_is_reserved(world, card) -> None:
    pads = card.parts.get(variant=world.pads)
    for quantity in (Decimal(2), Decimal(0), Decimal(-1)):
        with pytest.raises(TooManyIssued):
            services.issue_part(world.technician, pads, quantity=quantity)
    missing = card.parts.get(variant=world.oil_filter)
    with pytest.raises(TooManyIssued):
        services.issue_part(world.technician, missing)
    assert not StockMovement.objects.filter(kind="job_card").exists()
    level = StockLevel.objects.get(variant=world.pads)
    assert (level.on_hand, level.reserved) == (4, 1)


def test_a_part_comes_back_at_the_cost_at_which_it_left(world, card) -> None:
    pads = services.issue_part(world.technician, card.parts.get(variant=world.pads))
    services.return_part(world.technician, pads, quantity=Decimal(1), reason="Nhầm loại")
    pads.refresh_from_db()
    level = StockLevel.objects.get(variant=world.pads)
    assert (pads.state, level.on_hand, level.reserved, level.average_cost) == (
        PartRequirement.State.RESERVED,
        4,
        1,
        400_000,
    )
    with pytest.raises(TooManyIssued):
        services.return_part(world.technician, pads, quantity=Decimal(1))


def test_what_nobody_offers_is_not_half_ordered(world, card) -> None:
    Variant.objects.filter(pk=world.offered_filter.pk).update(is_active=False)
    with pytest.raises(NoOffer) as refusal:
        services.order_missing_parts(world.advisor, card)
    assert refusal.value.details["parts"] == [world.oil_filter.product.name]
    assert not Order.objects.exists()
    assert fresh(card).state == S.ASSIGNED


def test_a_cancelled_or_cut_order_makes_the_part_missing_again(world, card) -> None:
    [order] = services.order_missing_parts(world.advisor, card)
    with pytest.raises(NothingMissing):
        services.order_missing_parts(world.advisor, card)
    cancel_order(world.advisor, order, reason="Đặt nhầm")
    part = card.parts.get(variant=world.oil_filter)
    assert (part.state, part.order_id) == (PartRequirement.State.MISSING, None)
    [second] = services.order_missing_parts(world.advisor, card)
    confirm_order(world.seller, second)
    part.refresh_from_db()
    assert (part.state, part.order_id) == (PartRequirement.State.ORDERED, second.pk)


def test_work_is_checked_by_another_person(world, card) -> None:
    first, second = card.tasks.all()
    services.start_clock(world.technician, first)
    with pytest.raises(TasksOpen):
        services.submit_for_check(world.technician, card)
    services.issue_part(world.technician, card.parts.get(variant=world.pads))
    services.complete_task(world.technician, first)
    services.skip_task(world.advisor, second, reason="Khách hẹn lần sau")
    services.submit_for_check(world.technician, card)
    both = actor_for("owner", world.garage.organization, user=None)
    WorkLog.objects.update(technician_id=both.user_id)
    with pytest.raises(CheckedByWorker):
        services.record_quality_check(both, card, result="passed")
    with pytest.raises(NotAllowed):
        services.record_quality_check(world.technician, card, result="passed")
    with pytest.raises(ReasonMissing):
        services.record_quality_check(world.manager, card, result="rework")
    assert not card.quality_checks.exists()
    services.record_quality_check(world.manager, card, result="rework", reason="Còn rung khi phanh")
    again = fresh(card)
    assert (again.state, again.comeback_count) == (S.IN_PROGRESS, 1)
    assert again.tasks.get(pk=first.pk).state == "paused"


def test_illegal_steps_name_the_legal_ones(world, card) -> None:
    with pytest.raises(IllegalMove) as refusal:
        services.deliver_card(world.advisor, card, name="Khoa")
    assert set(refusal.value.details["allowed"]) == {"send_estimate", "assign", "start", "wait_for_parts", "cancel"}
    assert fresh(card).state == S.ASSIGNED


def test_two_people_editing_one_card(world, card) -> None:
    version = fresh(card).version
    services.update_card(world.advisor, card, version=version, concern="Kêu khi phanh")
    with pytest.raises(StaleWrite):
        services.update_card(world.manager, card, version=version, concern="Không kêu nữa")
    assert fresh(card).concern == "Kêu khi phanh"


def test_one_open_card_per_vehicle(world, card) -> None:
    with pytest.raises(VehicleInWorkshop):
        visits.check_in(world, km=46_000)
    assert JobCard.objects.count() == 1
    card.vehicle.refresh_from_db()
    assert card.vehicle.odometer_km == 45_000


def test_cancelling_gives_everything_back(world) -> None:
    appointment = visits.book(world)
    card = visits.check_in(world, appointment)
    visits.approve(world, visits.estimate(world, card))
    with pytest.raises(ReasonMissing):
        services.cancel_card(world.manager, card, reason=" ")
    pads = services.issue_part(world.technician, card.parts.get(variant=world.pads))
    with pytest.raises(PartsIssued):
        services.cancel_card(world.manager, card, reason="Khách đổi ý")
    services.return_part(world.technician, pads, quantity=Decimal(1))
    services.cancel_card(world.manager, card, reason="Khách đổi ý")
    level = StockLevel.objects.get(variant=world.pads)
    assert (level.on_hand, level.reserved) == (4, 0)
    assert Reservation.objects.get().state == Reservation.State.RELEASED
    assert fresh(card).state == S.CANCELLED


def test_strangers_change_nothing(world, card) -> None:
    stranger = actor_for("owner")
    calls = [
        lambda: services.update_card(stranger, card, concern="x"),
        lambda: services.order_missing_parts(stranger, card),
        lambda: services.issue_part(stranger, card.parts.first()),
        lambda: services.cancel_card(stranger, card, reason="x"),
        lambda: services.record_inspection(stranger, card, points=[]),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert fresh(card).version == card.version


def test_an_order_cancelled_after_its_card_wakes_nothing(world, card) -> None:
    [order] = services.order_missing_parts(world.advisor, card)
    services.cancel_card(world.manager, card, reason="Khách đổi ý")
    cancel_order(world.seller, order, reason="Hết hàng")
    assert set(card.parts.values_list("state", "order_id")) == {("cancelled", None)}
