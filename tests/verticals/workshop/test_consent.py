"""What the customer agreed to holds, and only that."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.core.clock import now
from apps.core.errors import BusinessError, NotAllowed, NotFound
from apps.verticals.workshop import services
from apps.verticals.workshop.errors import (
    DecisionIncomplete,
    EstimateChanged,
    EstimateDecided,
    EstimateExpired,
    LineInWork,
    SignatureMissing,
)
from apps.verticals.workshop.models import Estimate, EstimateDecision, EstimateLine, JobCard, JobTask
from apps.verticals.workshop.services.add_services import carried_lines
from apps.verticals.workshop.types import EstimateLineInput
from tests.factories.actors import actor_for
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db
Decision = EstimateLine.Decision


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


@pytest.fixture
def card(world) -> JobCard:
    return visits.check_in(world)


@pytest.fixture
def sent(world, card) -> Estimate:
    return visits.estimate(world, card)


def is_untouched(estimate: Estimate) -> bool:
    estimate.refresh_from_db()
    is_open = not estimate.lines.exclude(decision=Decision.OPEN).exists()
    return estimate.state == Estimate.State.SENT and is_open and not EstimateDecision.objects.exists()


def test_an_incomplete_unsigned_or_nameless_answer_is_refused(world, sent) -> None:
    complete = visits.answer(sent)
    some = dict(list(complete.decisions.items())[:2])
    tries: list[tuple[type[BusinessError], dict]] = [
        (DecisionIncomplete, {"decisions": some}),
        (DecisionIncomplete, {"decisions": dict.fromkeys(complete.decisions, "maybe")}),
        (DecisionIncomplete, {"decisions": {**complete.decisions, sent.pk: "approved"}}),
        (SignatureMissing, {"signature_png": None}),
        (SignatureMissing, {"name": "  "}),
        (EstimateChanged, {"document_hash": "0" * 64}),
    ]
    for refusal, changes in tries:
        with pytest.raises(refusal):
            visits.approve(world, sent, **changes)
        assert is_untouched(sent), changes


def test_an_answer_is_given_once(world, card, sent) -> None:
    visits.approve(world, sent)
    with pytest.raises(EstimateDecided):
        services.decide_estimate(visits.link_actor(world), sent, answer=visits.answer(sent, decisions={}))
    assert EstimateDecision.objects.count() == 1
    assert card.tasks.count() == 3 - 1


def test_an_expired_estimate_is_not_approved(world, sent) -> None:
    Estimate.objects.filter(pk=sent.pk).update(valid_until=now() - timedelta(minutes=1))
    with pytest.raises(EstimateExpired):
        visits.approve(world, sent)
    assert is_untouched(sent)


def test_a_replaced_estimate_is_not_approved(world, card, sent) -> None:
    seen = visits.answer(sent)
    services.save_estimate(
        world.advisor, card, lines=[EstimateLineInput(kind="fee", description="Khác", unit_price=Decimal(10_000))]
    )
    with pytest.raises(EstimateChanged):
        services.decide_estimate(visits.link_actor(world), sent, answer=seen)
    assert not EstimateDecision.objects.exists()
    assert not card.tasks.exists()


def test_a_price_that_rises_after_the_yes_reopens_that_line_alone(world, card, sent) -> None:
    visits.approve(world, sent, declined=("Rửa xe",))
    lines = carried_lines(card)
    dearer = [
        EstimateLineInput(**{**_as_dict(line), "unit_price": line.unit_price + 1})
        if line.variant_id == world.pads.pk
        else line
        for line in lines
    ]
    second = services.save_estimate(world.advisor, card, lines=dearer)
    by_part = {line.variant_id or line.operation_id: line.decision for line in second.lines.all()}
    assert by_part[world.pads.pk] == Decision.OPEN
    assert {decision for key, decision in by_part.items() if key != world.pads.pk} == {Decision.APPROVED}
    cheaper = [EstimateLineInput(**{**_as_dict(line), "discount": line.discount + 1000}) for line in lines]
    third = services.save_estimate(world.advisor, card, lines=cheaper)
    assert set(third.lines.values_list("decision", flat=True)) == {Decision.APPROVED}


def test_more_work_is_asked_for_while_approved_work_stays(world, card, sent) -> None:
    visits.approve(world, sent, declined=("Rửa xe",))
    tasks = set(card.tasks.values_list("pk", flat=True))
    task = card.tasks.first()
    services.start_clock(world.technician, task)
    second = services.add_services(
        world.advisor,
        card,
        lines=[EstimateLineInput(kind="labour", operation_id=world.garage.oil_change.pk, group="Thêm")],
    )
    card.refresh_from_db()
    assert card.state == JobCard.State.WAITING_CUSTOMER_APPROVAL
    visits.approve(world, second, declined=("Thay dầu động cơ",))
    card.refresh_from_db()
    assert card.state == JobCard.State.IN_PROGRESS
    assert set(card.tasks.values_list("pk", flat=True)) == tasks
    assert {row.estimate_line.estimate_id for row in card.tasks.select_related("estimate_line")} == {second.pk}
    sent.refresh_from_db()
    assert sent.state == Estimate.State.SUPERSEDED


def test_begun_work_cannot_be_taken_out(world, card, sent) -> None:
    visits.approve(world, sent)
    services.start_clock(world.technician, card.tasks.get(description="Thay má phanh trước"))
    with pytest.raises(LineInWork):
        services.save_estimate(
            world.advisor, card, lines=[EstimateLineInput(kind="fee", description="Khác", unit_price=Decimal(10_000))]
        )
    assert card.estimates.count() == 1
    assert JobTask.objects.filter(state=JobTask.State.IN_PROGRESS).count() == 1


def test_all_declined_sends_the_card_back_to_the_advisor(world, card, sent) -> None:
    everything = tuple(sent.lines.values_list("description", flat=True))
    visits.approve(world, sent, declined=everything)
    card.refresh_from_db()
    assert (card.state, card.total) == (JobCard.State.ESTIMATED, 0)
    assert not card.tasks.exists()
    assert not card.parts.exists()


def test_a_yes_by_phone_is_keyed_in_by_staff_with_the_right(world, sent) -> None:
    answer = visits.answer(sent, signature_png=None)
    with pytest.raises(NotAllowed):
        services.decide_estimate(world.technician, sent, answer=answer, channel="phone")
    with pytest.raises(NotFound):
        services.decide_estimate(actor_for("owner"), sent, answer=answer, channel="phone")
    services.decide_estimate(world.advisor, sent, answer=answer, channel="phone")
    evidence = EstimateDecision.objects.get()
    assert (evidence.channel, evidence.keyed_by_id) == ("phone", world.advisor.user_id)


def test_evidence_cannot_be_changed_or_deleted(world, sent) -> None:
    visits.approve(world, sent)
    with pytest.raises(IntegrityError), transaction.atomic():
        EstimateDecision.objects.update(decided_by_name="Ai khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        EstimateDecision.objects.all()._raw_delete("default")
    assert EstimateDecision.objects.get().decided_by_name == "Lê Minh Khoa"


def _as_dict(line: EstimateLineInput) -> dict:
    return {name: getattr(line, name) for name in EstimateLineInput.__dataclass_fields__}
