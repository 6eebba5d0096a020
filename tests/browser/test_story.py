"""One visit from booking to rating, with everybody's screens open at once."""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.services import verify_money
from apps.platform.audit.selectors import timeline
from apps.platform.notifications.models import Delivery
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop import services as workshop
from apps.verticals.workshop.models import JobCard
from tests.browser import acts
from tests.browser.others import Cashier
from tests.browser.people import People, expect_live, remember
from tests.browser.stack import Stack
from tests.browser.words import vi
from tests.browser.world import make_story_world
from tests.verticals.workshop.visits import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
S = JobCard.State


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "phanh.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, "JPEG")
    return path


def test_one_visit_on_all_screens(people: People, photo: Path) -> None:
    tomorrow = (datetime.now(ZONE) + timedelta(days=1)).date()
    screens = acts.open_screens(people, tomorrow)
    acts.arrive(screens, tomorrow, photo)
    acts.agree(screens, photo)
    acts.work_until_a_part_is_missing(screens)
    acts.buy_the_part(screens)
    acts.finish_the_work(screens)
    acts.bill(screens)
    acts.pay_online(screens)
    acts.part_as_friends(screens)
    check_the_books(screens)


def check_the_books(screens: acts.Screens) -> None:
    """Stock, money, messages and history tell the same story."""
    card, garage = screens.card, screens.world.base.garage.organization
    assert verify_stock() == []
    assert verify_money() == []
    moves = StockMovement.objects.filter(organization=garage).values_list("kind", "quantity")
    assert sorted(moves) == [("job_card", -1), ("job_card", -1), ("purchase", 1), ("purchase", 4)]
    invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.total, invoice.balance, invoice.state) == (1_287_000, 0, Invoice.State.PAID)
    assert (payment.amount, payment.state, payment.method) == (1_287_000, Payment.State.COMPLETED, "online")
    assert ProviderEvent.objects.filter(outcome=ProviderEvent.Outcome.APPLIED).count() == 1
    feedback = Feedback.objects.get()
    assert (feedback.source_id, feedback.rating) == (card.pk, 5)
    assert card.vehicle.odometer_km == 45_000
    steps = {entry.text for entry in timeline(card._meta.label_lower, card.pk)}
    assert len(steps) > 8
    sent = list(Delivery.objects.values_list("type", "channel", "address").order_by("type", "channel", "address"))
    assert len(sent) == len(set(sent))
    kinds = {kind for kind, _channel, _address in sent}
    assert {"appointment.booked", "estimate.sent", "job_card.completed", "invoice.sent", "payment.received"} <= kinds
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()


def test_cash_at_the_counter_with_change(people: People) -> None:
    world = make_story_world()
    invoice = acts.finished_visit(world)
    cashier = Cashier(people.staff("cashier", world.base.cashier, f"/garage/invoices/{invoice.pk}/").page)
    cashier.finalise()
    customer = people.come("customer", on_phone=True)
    invoice.refresh_from_db()
    customer.open(urlsplit(make_invoice_link(invoice)).path)
    remember(customer.page)

    cashier.receive_cash(tendered="1300000", change="13.000")

    expect_live(customer.page.get_by_text(vi("Paid. Thank you!")))
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.received_by_id) == (
        1_287_000,
        Payment.Method.CASH,
        world.base.cashier.user_id,
    )
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance, verify_money()) == (Invoice.State.PAID, 0, [])


def test_screens_catch_up_after_web_worker_and_redis_were_away(people: People, stack: Stack) -> None:
    world = make_story_world()
    base = world.base
    card = acts.assigned_visit(world)
    first, second = card.tasks.order_by("position")
    manager = people.staff("manager", base.manager, "/garage/job-cards/")
    technician = people.staff("technician", base.technician, "/garage/tech/", on_phone=True)
    board = acts.Board(manager.page)
    for person in (manager, technician):
        remember(person.page)
        expect(person.page.locator("[data-live-state=on]")).to_be_visible()
        person.is_forgiving = True
    board.expect_card(S.ASSIGNED)

    stack.kill("web")
    expect(manager.page.locator("[data-live-state=on]")).to_have_count(0)
    workshop.start_clock(base.technician, first)
    stack.start_web()
    stack.wait_for_web()
    board.expect_card(S.IN_PROGRESS)
    expect_live(technician.page.locator("#clock-bar"))

    stack.kill("worker")
    stack.redis.stop()
    workshop.stop_clock(base.technician, first)
    stack.redis.start()
    stack.start_worker()
    expect(technician.page.locator("#clock-bar")).to_have_count(0)
    workshop.start_clock(base.technician, second)
    expect_live(technician.page.locator("#clock-bar", has_text=second.description))
    for person in (manager, technician):
        person.is_forgiving = False
    stack.forgive()
