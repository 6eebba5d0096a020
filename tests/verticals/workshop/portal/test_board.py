"""The board and the list of job cards."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.actor import Actor
from apps.core.clock import now
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.portal.board import OPEN_STATES
from apps.verticals.workshop.portal.glance import promise_of, waits_for
from apps.verticals.workshop.selectors import CardGlance, glance_at
from tests.factories.organizations import BranchFactory
from tests.support.portal import ListKit, browser_of
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import make_card

S = JobCard.State
pytestmark = pytest.mark.django_db
BOARD = "/garage/job-cards/"


class TestList(ListKit):
    url_name = "garage:job-card-list"
    right = "job_card.view"
    sorts = ("number", "plate", "customer", "state", "promised", "opened")
    filter_queries: ClassVar = ("state=created", "late=1", "mine=1", "opened_from=2026-01-01", "technician=nobody")

    def make_row(self, actor: Actor, number: int = 1) -> JobCard:
        return make_card(actor.organization_id, number=number)


def show_board(actor: Actor, query: str = "") -> Any:
    answer = browser_of(actor).get(BOARD + query)
    assert answer.status_code == 200
    return answer


def column_of(answer: Any, state: str) -> Any:
    return next(column for column in answer.context["columns"] if column.state == state)


def drop(actor: Actor, card: JobCard, to: str) -> Any:
    return browser_of(actor).post(f"{BOARD}move/{card.pk}/", {"to": to}, headers={"HX-Request": "true"})


def test_a_stranger_logs_in_and_without_the_right_it_is_refused() -> None:
    world = visits.make_world()
    assert browser_of().get(BOARD).status_code == 302
    assert browser_of(world.seller).get(BOARD).status_code in (403, 404)


def test_columns_count_cards_and_money_approved_or_offered() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    made = visits.estimate(world, card)

    waiting = column_of(show_board(world.advisor), S.WAITING_CUSTOMER_APPROVAL)
    assert (waiting.count, waiting.money) == (1, Decimal(1_353_000))

    visits.approve(world, made, declined=("Rửa xe",))
    answer = show_board(world.advisor)
    assert column_of(answer, S.WAITING_CUSTOMER_APPROVAL).count == 0
    approved = column_of(answer, S.APPROVED)
    assert (approved.count, approved.money) == (1, Decimal(1_287_000))
    face = approved.cards[0].row.face
    assert (face.person, face.waits) == ("", "Thiếu 1 phụ tùng")
    assert [column.state for column in answer.context["columns"]] == list(OPEN_STATES)
    assert 'name="q"' in answer.content.decode()


def test_money_is_hidden_from_those_who_may_not_see_it() -> None:
    world = visits.make_world()
    visits.approve(world, visits.estimate(world, visits.check_in(world)))
    assert "1.353.000" in show_board(world.advisor).content.decode()
    assert "1.353.000" not in show_board(world.technician).content.decode()


def test_cards_of_another_branch_are_not_on_the_board() -> None:
    world = visits.make_world()
    other = make_card(
        world.garage.organization.pk, branch=BranchFactory(organization=world.garage.organization), number=7
    )
    text = show_board(world.advisor).content.decode()
    assert other.number not in text
    assert drop(world.advisor, other, S.IN_PROGRESS).status_code == 404


def test_search_and_filter_narrow_the_board() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    assert card.number in show_board(world.advisor, "?q=51g12345").content.decode()
    assert card.number not in show_board(world.advisor, "?q=99x99999").content.decode()
    assert card.number not in show_board(world.advisor, "?late=1").content.decode()
    assert card.number not in show_board(world.advisor, f"?technician={world.technician.user_id}").content.decode()


def test_a_legal_drag_moves_the_card() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))

    answer = drop(world.technician, card, S.IN_PROGRESS)

    assert answer.status_code == 204
    card.refresh_from_db()
    assert (card.state, card.started_at is not None) == (S.IN_PROGRESS, True)


def test_an_illegal_drag_snaps_back_with_the_reason() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    before = JobCard.objects.get(pk=card.pk)

    answer = drop(world.manager, card, S.COMPLETED)

    error = json.loads(answer.content)["error"]
    assert (answer.status_code, error["message"] != "") == (422, True)
    card.refresh_from_db()
    assert (card.state, card.version) == (before.state, before.version)


def test_a_drag_that_the_service_refuses_changes_nothing() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    services.start_card(world.technician, card)

    answer = drop(world.technician, card, S.QUALITY_CHECK)

    assert answer.status_code == 422
    assert json.loads(answer.content)["error"]["message"] == "Còn việc chưa làm xong hoặc chưa bỏ qua."
    card.refresh_from_db()
    assert card.state == S.IN_PROGRESS


def test_dragging_to_parts_waits_for_them() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    assert drop(world.advisor, card, S.WAITING_PARTS).status_code == 204
    card.refresh_from_db()
    assert card.state == S.WAITING_PARTS


def test_promises_are_near_late_or_neither() -> None:
    card = JobCard(state=S.IN_PROGRESS, promised_at=now() + timedelta(hours=1))
    assert promise_of(card).tone == "near"
    card.promised_at = now() - timedelta(minutes=1)
    assert promise_of(card).tone == "late"
    card.promised_at = now() + timedelta(hours=5)
    assert promise_of(card).tone == ""
    card.state = S.COMPLETED
    card.promised_at = now() - timedelta(hours=5)
    assert promise_of(card).tone == ""
    card.state = S.DELIVERED
    assert promise_of(card) is None


def test_ready_cards_wait_for_nothing() -> None:
    glance = CardGlance(missing=2, order_numbers=["ORD-1"])
    assert waits_for(JobCard(state=S.WAITING_PARTS), glance) == "Thiếu 2 phụ tùng · ORD-1"
    assert waits_for(JobCard(state=S.COMPLETED), glance) == ""


def test_a_glance_counts_tasks_people_and_orders() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    tasks = list(card.tasks.all())
    services.assign_tasks(world.advisor, card, assignments={tasks[0].pk: world.technician.user_id})
    services.start_clock(world.technician, tasks[0])
    [order] = services.order_missing_parts(world.advisor, card)

    glance = glance_at([card.pk])[card.pk]

    assert (glance.tasks, glance.finished, glance.missing, glance.order_numbers) == (2, 0, 1, [order.number])
    assert len(glance.technicians) == 1
    assert glance.is_running is False  # ordering made the card wait, and its clocks stopped


def test_more_cards_cost_no_more_queries() -> None:
    world = visits.make_world()
    organization = world.garage.organization.pk
    client = browser_of(world.advisor)
    for number, state in enumerate(OPEN_STATES):
        make_card(organization, branch=world.garage.branch, number=number, state=state)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        client.get(BOARD)
    for number in range(20, 40):
        make_card(organization, branch=world.garage.branch, number=number, state=OPEN_STATES[number % 10])
    with CaptureQueriesContext(connection) as many:
        client.get(BOARD)
    assert len(many) == len(few)
