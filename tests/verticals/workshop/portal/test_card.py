"""The page of a job card: who sees it, what comes next, parts that draw themselves alike."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.actor import Actor
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice
from apps.engines.payments.services import receive_cash
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.portal.card import TABS
from apps.verticals.workshop.portal.next_step import list_stages, next_step
from apps.verticals.workshop.portal.visit import Visit
from tests.factories.organizations import BranchFactory
from tests.support.portal import DetailKit, browser_of
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import CardBrowser, make_card

S = JobCard.State
pytestmark = pytest.mark.django_db
ALL_PARTS = [name for _label, names in TABS.values() for name in names] + ["facts", "timeline", "head"]


class TestCard(DetailKit):
    url_name = "garage:job-card"
    right = "job_card.view"
    has_branches = True

    def make_row(self, actor: Actor, number: int = 1) -> JobCard:
        return make_card(actor.organization_id, number=number)

    def make_row_of_other_branch(self, actor: Actor) -> JobCard:
        return make_card(actor.organization_id, branch=BranchFactory(organization_id=actor.organization_id))


def step_of(actor: Actor, card: JobCard) -> tuple[str, str]:
    """Kind and target of what the actor sees as the next step."""
    card.refresh_from_db()
    step = next_step(Visit(actor, card))
    return (step.kind, step.target) if step else ("", "")


def test_the_next_step_leads_through_the_whole_visit() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    desk = world.advisor
    assert step_of(desk, card) == ("tab", "inspection")
    made = visits.estimate(world, card)
    assert step_of(desk, card) == ("dialog", "answer")
    visits.approve(world, made, declined=("Rửa xe",))
    assert step_of(desk, card) == ("dialog", "assign")
    tasks = list(card.tasks.all())
    services.assign_tasks(desk, card, assignments={task.pk: world.technician.user_id for task in tasks})
    assert step_of(desk, card) == ("post", "start")
    services.start_card(world.technician, card)
    assert step_of(desk, card) == ("dialog", "order")
    services.order_missing_parts(desk, card)
    assert step_of(desk, card)[0] in ("order", "post")


def test_the_end_of_the_visit_asks_for_check_money_and_hand_over() -> None:
    world, card = work_done()
    assert step_of(world.manager, card) == ("post", "submit_check")
    services.submit_for_check(world.technician, card)
    assert step_of(world.manager, card) == ("dialog", "check")
    services.record_quality_check(world.manager, card, result="passed", points=[{"code": "test_drive", "is_ok": True}])
    assert step_of(world.manager, card) == ("post", "complete")
    services.complete_card(world.manager, card)
    assert step_of(world.manager, card) == ("invoice", "")
    invoice = finalise_invoice(world.cashier, Invoice.objects.get())
    receive_cash(world.cashier, payable_type="invoice", payable_id=invoice.pk, amount=invoice.total)
    assert step_of(world.manager, card) == ("dialog", "deliver")
    services.deliver_card(world.manager, card, name="Khoa")
    assert step_of(world.manager, card) == ("", "")
    assert {stage["state"] for stage in list_stages(card)} == {"done"}


def work_done() -> tuple[visits.World, JobCard]:
    """A card on which only the pads were approved and changed."""
    world = visits.make_world()
    card = visits.check_in(world)
    made = visits.estimate(world, card)
    keep = {"Thay má phanh trước", world.pads.product.name}
    visits.approve(
        world, made, declined=tuple(line.description for line in made.lines.all() if line.description not in keep)
    )
    [task] = card.tasks.all()
    services.start_clock(world.technician, task)
    services.issue_part(world.technician, card.parts.get())
    services.complete_task(world.technician, task)
    card.refresh_from_db()
    return world, card


def test_who_worked_is_told_that_somebody_else_checks() -> None:
    world, card = work_done()
    task = card.tasks.get()
    services.submit_for_check(world.technician, card)
    task.work_logs.update(technician_id=world.manager.user_id)

    assert step_of(world.manager, card) == ("wait", "")
    assert world.manager.user_id in Visit(world.manager, card).workers


def test_without_the_right_the_next_step_is_only_told() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.estimate(world, card)
    assert step_of(world.technician, card) == ("wait", "")


def test_a_cancelled_card_has_no_stages_and_says_why() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    services.cancel_card(world.manager, card, reason="Khách đổi ý")
    page = CardBrowser(world.advisor, card).page()
    assert "Khách đổi ý" in page
    assert list_stages(JobCard.objects.get(pk=card.pk)) == []


@pytest.mark.parametrize("tab", list(TABS))
def test_every_tab_shows_its_parts(tab: str) -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    page = CardBrowser(world.advisor, card).page(f"?tab={tab}")
    for name in TABS[tab][1]:
        assert f'id="part-{name}"' in page


def test_the_open_tab_follows_the_state() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    browser = CardBrowser(world.advisor, card)
    assert 'id="part-inspection"' in browser.page()
    visits.approve(world, visits.estimate(world, card))
    assert 'id="part-tasks"' in browser.page()
    assert 'id="part-check-in"' in browser.page("?tab=overview")


def test_money_is_not_shown_without_the_right() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    browser = CardBrowser(world.technician, card)
    for query in ("", "?tab=estimate", "?tab=finish"):
        assert "1.353.000" not in browser.page(query)
    for part in ("estimate", "money"):
        assert browser.client.get(f"{browser.url}part/{part}/").status_code == 404
    assert "1.353.000" not in browser.client.get(f"{browser.url}print/").content.decode()


def strip(html: str) -> str:
    without_tokens = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)
    without_signatures = re.sub(r"/files/[^\"]+", "", without_tokens)
    return re.sub(r"\s+", " ", without_signatures).strip()


def test_live_parts_equal_the_fresh_page() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card), declined=("Rửa xe",))
    browser = CardBrowser(world.advisor, card)
    for tab, (_label, names) in TABS.items():
        page = browser.page(f"?tab={tab}")
        for name in names:
            answer = browser.client.get(f"{browser.url}part/{name}/?tab={tab}", headers={"HX-Request": "true"})
            assert strip(answer.content.decode()) in strip(page), name


def test_parts_follow_the_topic_of_the_card() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    browser = CardBrowser(world.advisor, card)
    for name in ALL_PARTS:
        assert f'data-live="job-card:{card.pk}"' in browser.part(name), name


def test_a_card_that_waits_follows_its_order_and_its_invoice() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    [order] = services.order_missing_parts(world.advisor, card)
    assert f"job-card:{card.pk} order:{order.pk}" in CardBrowser(world.advisor, card).part("parts")

    world, card = work_done()
    services.submit_for_check(world.technician, card)
    services.record_quality_check(world.manager, card, result="passed")
    services.complete_card(world.manager, card)
    invoice = Invoice.objects.get()
    assert f"job-card:{card.pk} invoice:{invoice.pk}" in CardBrowser(world.manager, card).part("money")


def test_more_on_the_card_costs_no_more_queries() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    made = visits.estimate(world, card)
    visits.approve(world, made)
    browser = CardBrowser(world.advisor, card)
    few = {tab: count(browser, tab) for tab in TABS}
    grow(world, card)
    assert {tab: count(browser, tab) for tab in TABS} == few


def count(browser: CardBrowser, tab: str) -> int:
    browser.page(f"?tab={tab}")
    with CaptureQueriesContext(connection) as queries:
        browser.page(f"?tab={tab}")
    return sum(1 for query in queries if query["sql"].startswith("SELECT"))  # now and then the session is touched


def grow(world: visits.World, card: JobCard) -> None:
    """More tasks, parts, findings, past visits."""
    task, part = card.tasks.first(), card.parts.first()
    point = card.inspection_points.first()
    for number in range(6):
        task.pk, task.id = None, None
        task._state.adding = True
        task.id = type(task)().id
        task.technician_id = world.technician.user_id
        task.save()
        part.id, part._state.adding = type(part)().id, True
        part.save()
        point.id, point._state.adding, point.code = type(point)().id, True, f"extra-{number}"
        point.save()


def test_the_sheet_for_the_windscreen_has_a_code_and_the_work() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    text = browser_of(world.advisor).get(f"/garage/job-cards/{card.pk}/print/").content.decode()
    assert "<svg" in text
    assert "Thay má phanh trước" in text
    assert card.number in text


@pytest.mark.parametrize("path", ["print/", "estimate/", "estimate/preview/"])
def test_pages_of_a_card_are_hidden_from_strangers_and_other_companies(path: str) -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.estimate(world, card)
    other = visits.make_world()
    url = f"/garage/job-cards/{card.pk}/{path}"
    assert browser_of().get(url).status_code == 302
    assert browser_of(other.advisor).get(url).status_code == 404
    assert browser_of(world.advisor).get(url).status_code == 200


def test_the_preview_gives_no_way_to_answer() -> None:
    world = visits.make_world()
    card = visits.check_in(world)
    visits.estimate(world, card)
    client = browser_of(world.advisor)
    url = f"/garage/job-cards/{card.pk}/estimate/preview/"
    assert client.post(url, {}).status_code == 405
    assert browser_of(world.technician).get(url).status_code == 403
