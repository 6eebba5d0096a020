"""Double clicks and two people at the same moment: one effect, the rest a clear answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from apps.core.errors import BusinessError
from apps.engines.billing.models import Invoice
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, EstimateDecision, JobCard, WorkLog
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


def at_once(call: Callable[[], object]) -> list[str]:
    """Calls it from several threads; returns "done" or the rule that refused, sorted."""

    def run(_number: int) -> str:
        try:
            call()
        except BusinessError as error:
            return error.rule
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=TIMES) as pool:
        return sorted(pool.map(run, range(TIMES)))


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


def approved_card(world: visits.World) -> JobCard:
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    return card


def test_one_answer_to_an_estimate(world) -> None:
    made = visits.estimate(world, visits.check_in(world))
    answer = visits.answer(made)
    results = at_once(lambda: services.decide_estimate(visits.link_actor(world), made, answer=answer))
    assert results == ["done", *["estimate_decided"] * (TIMES - 1)]
    assert EstimateDecision.objects.count() == 1
    assert StockLevel.objects.get(variant=world.pads).reserved == 1


def test_one_order_for_what_is_missing(world) -> None:
    card = approved_card(world)
    results = at_once(lambda: services.order_missing_parts(world.advisor, card))
    assert results == ["done", *["nothing_missing"] * (TIMES - 1)]
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(variant=world.offered_filter).reserved == 1


def test_one_clock(world) -> None:
    first, second = approved_card(world).tasks.all()[:2]
    at_once(lambda: services.start_clock(world.technician, first))
    assert WorkLog.objects.count() == 1
    assert at_once(lambda: services.start_clock(world.technician, second)) == ["clock_running"] * TIMES
    assert WorkLog.objects.count() == 1


def test_one_issue(world) -> None:
    part = approved_card(world).parts.get(variant=world.pads)
    results = at_once(lambda: services.issue_part(world.technician, part))
    assert results == ["done", *["too_many_issued"] * (TIMES - 1)]
    assert StockMovement.objects.filter(kind="job_card").count() == 1
    assert verify_stock() == []


def test_one_completion_one_invoice(world) -> None:
    card = approved_card(world)
    for task in card.tasks.all():
        services.skip_task(world.advisor, task, reason="Thử")
    services.start_card(world.advisor, card)
    services.submit_for_check(world.advisor, card)
    services.record_quality_check(world.manager, card, result="passed")
    results = at_once(lambda: services.complete_card(world.advisor, card))
    assert results == ["done", *["illegal_move"] * (TIMES - 1)]
    assert Invoice.objects.count() == 1


def test_one_check_in_per_vehicle_and_appointment(world) -> None:
    appointment = visits.book(world)
    results = at_once(lambda: visits.check_in(world, appointment))
    assert results.count("done") == 1
    assert JobCard.objects.count() == 1
    assert Appointment.objects.get().state == "checked_in"


def test_two_visitors_one_bay_left(world) -> None:
    for bay in world.garage.bays[1:]:
        bay.is_active = False
        bay.save()
    results = at_once(lambda: visits.book(world))
    assert results.count("done") == 1
    assert set(results) <= {"done", "slot_taken", "party_busy"}
    assert Appointment.objects.count() == 1
