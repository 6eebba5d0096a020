"""The acts of the visit: each is done on one screen and seen on the others, which nobody loads again."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from apps.engines.billing.models import Invoice
from apps.engines.orders.models import Order
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard
from tests.browser.customer import Customer
from tests.browser.desk import Desk
from tests.browser.others import Board, Cashier, Distributor, Manager, Technician
from tests.browser.people import People, Person, expect_live, remember
from tests.browser.words import label_of, vi
from tests.browser.world import OIL_FILTER, PADS, StoryWorld, make_story_world
from tests.factories.inventory import put_stock
from tests.verticals.workshop import visits

PLATE = "51G-123.45"
S = JobCard.State


@dataclass
class Screens:
    """Everybody with the screen that they keep open during the visit."""

    world: StoryWorld
    advisor: Desk
    board: Board
    manager: Person
    technician: Technician
    distributor: Distributor
    cashier: Cashier
    customer: Customer

    @property
    def card(self) -> JobCard:
        return JobCard.objects.get()


def open_screens(people: People, day: date) -> Screens:
    world = make_story_world()
    base = world.base
    manager = people.staff("manager", base.manager, "/garage/job-cards/")
    screens = Screens(
        world=world,
        advisor=Desk(people.staff("advisor", base.advisor, f"/garage/calendar/?day={day}").page),
        board=Board(manager.page),
        manager=manager,
        technician=Technician(people.staff("technician", base.technician, "/garage/tech/", on_phone=True).page),
        distributor=Distributor(people.staff("distributor", base.seller, "/distributor/orders/").page),
        cashier=Cashier(people.staff("cashier", base.cashier, "/garage/invoices/").page),
        customer=Customer(people.come("customer", on_phone=True)),
    )
    for worker in (screens.advisor, screens.board, screens.technician, screens.distributor, screens.cashier):
        remember(worker.page)
    return screens


def arrive(screens: Screens, day: date, photo: Path) -> None:
    """The customer books; the desk sees it come, checks in, and the customer's page says so."""
    advisor, customer, board = screens.advisor, screens.customer, screens.board
    customer.book(screens.world.slug, day, "09:00")
    expect_live(advisor.page.locator(".cal-block", has_text=PLATE))
    expect_live(customer.message("appointment.booked", "sms"))
    expect_live(customer.message("appointment.booked", "email"))
    remember(customer.page)
    advisor.check_in(PLATE, photo)
    expect_live(customer.page.get_by_text(vi("Your vehicle is with us")))
    board.expect_card(S.CREATED)
    check_in = screens.card.check_in
    assert (check_in.odometer_km, check_in.fuel_percent, len(check_in.marks)) == (45_000, 40, 1)
    assert screens.card.vehicle.vin == "1HGCM82633A004352"


def agree(screens: Screens, photo: Path) -> None:
    """Inspection, estimate, and the customer's answer, which moves the card on the advisor's screen."""
    advisor, customer, board = screens.advisor, screens.customer, screens.board
    advisor.inspect(photo)
    board.expect_card(S.INSPECTED)
    point = screens.card.inspection_points.get(code="front_pads")
    assert (point.rating, point.note, point.photos.count()) == ("red", "Còn 2 mm", 1)
    advisor.estimate(pads=PADS, oil_filter=OIL_FILTER)
    advisor.send_estimate()
    remember(advisor.page)
    board.expect_card(S.WAITING_CUSTOMER_APPROVAL)
    customer.follow("estimate.sent")
    expect(customer.page.get_by_text("Còn 2 mm").first).to_be_visible()
    customer.answer(declined=("Rửa xe",))
    expect_live(advisor.state(S.APPROVED))
    board.expect_card(S.APPROVED)


def work_until_a_part_is_missing(screens: Screens) -> None:
    advisor, technician, board = screens.advisor, screens.technician, screens.board
    advisor.assign("Lê Văn Tùng")
    expect_live(technician.task("Thay má phanh trước"))
    technician.start("Thay má phanh trước")
    board.expect_card(S.IN_PROGRESS)
    technician.take(PADS)
    technician.finish("Thay má phanh trước", "Đã thay má phanh trước")
    expect_live(advisor.page.get_by_text("Đã thay má phanh trước"))
    technician.report_missing()
    expect_live(advisor.state(S.WAITING_PARTS))
    board.expect_card(S.WAITING_PARTS)


def buy_the_part(screens: Screens) -> None:
    """The order is on both companies' screens; receiving it lets the waiting card go on."""
    advisor, distributor = screens.advisor, screens.distributor
    advisor.order_missing_parts()
    expect_live(distributor.page.locator(".board-card"))
    order = Order.objects.get()
    purchase = screens.manager.also(f"/garage/orders/{order.pk}/")
    remember(purchase)
    distributor.open_order()
    remember(distributor.page)
    distributor.step("Confirm")
    expect_live(purchase.locator("#detail-head .badge", has_text=label_of(order, Order.State.CONFIRMED)))
    distributor.step("Start picking")
    distributor.step("Ready to ship")
    distributor.ship()
    expect_live(purchase.get_by_text("PTSG-0001").first)
    Manager(purchase).receive()
    expect_live(distributor.page.locator("#detail-head .badge", has_text=label_of(order, Order.State.DELIVERED)))
    expect_live(advisor.state(S.IN_PROGRESS))
    expect_live(screens.technician.page.locator("#bell .count"))


def finish_the_work(screens: Screens) -> None:
    """The last task, the check by somebody else, and completion."""
    advisor, technician = screens.advisor, screens.technician
    technician.start("Thay dầu động cơ")
    technician.take(OIL_FILTER)
    technician.finish("Thay dầu động cơ", "Đã thay dầu và lọc dầu")
    technician.submit()
    screens.board.expect_card(S.QUALITY_CHECK)
    check = screens.manager.also(f"/garage/job-cards/{screens.card.pk}/")
    remember(check)
    Manager(check).pass_check()
    advisor.complete()
    expect_live(advisor.state(S.COMPLETED))
    screens.board.expect_card(S.COMPLETED)


def bill(screens: Screens) -> Invoice:
    """The draft is in the cashier's list by itself; it gets its number, its paper, and goes out."""
    cashier, customer = screens.cashier, screens.customer
    draft = cashier.page.get_by_text(screens.card.number).first
    expect_live(draft)
    invoice = Invoice.objects.get()
    cashier.page.goto(f"{screens.manager.address}/garage/invoices/{invoice.pk}/")
    remember(cashier.page)
    number = cashier.finalise()
    paper = cashier.read_pdf()
    assert paper.startswith(b"%PDF")
    assert len(paper) > 10_000
    cashier.send()
    expect_live(customer.message("invoice.sent"))
    customer.follow("invoice.sent")
    expect(customer.page.get_by_role("heading", name=re.compile(number))).to_be_visible()
    return invoice


def pay_online(screens: Screens) -> None:
    """The payment company tells of the money twice; every screen shows it once."""
    cashier, customer = screens.cashier, screens.customer
    customer.pay_online()
    remember(customer.page)
    expect_live(customer.page.get_by_text(vi("Paid. Thank you!")))
    expect_live(cashier.page.locator("#detail-head .badge", has_text=label_of(Invoice, Invoice.State.PAID)))
    expect_live(customer.message("payment.received", "email"))


def part_as_friends(screens: Screens) -> None:
    """Hand-over, the question how it was, one tap, and the manager sees it."""
    customer = screens.customer
    screens.advisor.hand_over()
    expect_live(screens.advisor.state(S.DELIVERED))
    ratings = screens.manager.also("/garage/feedback/")
    remember(ratings)
    customer.follow("feedback.requested")
    customer.rate(5)
    expect_live(ratings.get_by_text(screens.card.number).first)


def finished_visit(world: StoryWorld) -> Invoice:
    """A visit that came to its end without a browser: the invoice is drafted and waits for the cashier."""
    base = world.base
    put_stock(base.oil_filter, base.garage.warehouse, 1)
    card = visits.check_in(base, visits.book(base))
    visits.approve(base, visits.estimate(base, card), declined=("Rửa xe",))
    tasks = list(card.tasks.all())
    services.assign_tasks(base.advisor, card, assignments={task.pk: base.technician.user_id for task in tasks})
    for task in tasks:
        services.start_clock(base.technician, task)
        for part in task.parts.all():
            services.issue_part(base.technician, part)
        services.complete_task(base.technician, task)
    services.submit_for_check(base.technician, card)
    points = [{"code": "test_drive", "is_ok": True}]
    services.record_quality_check(base.manager, card, result="passed", points=points)
    services.complete_card(base.advisor, card)
    return Invoice.objects.get()


def assigned_visit(world: StoryWorld) -> JobCard:
    """A card whose work the technician may begin."""
    base = world.base
    card = visits.check_in(base, visits.book(base))
    visits.approve(base, visits.estimate(base, card))
    assignments = {task.pk: base.technician.user_id for task in card.tasks.all()}
    return services.assign_tasks(base.advisor, card, assignments=assignments)
