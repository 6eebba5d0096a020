"""The dashboard: what needs somebody, the numbers, the chart, who works on what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from apps.core.clock import now
from apps.core.portal.charts import draw_bars, format_axis, format_short, round_top
from apps.engines.billing.models import Invoice
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Appointment, JobCard
from apps.verticals.workshop.portal.dashboard import list_needs, list_numbers
from apps.verticals.workshop.selectors import dashboard as figures
from tests.factories.organizations import BranchFactory
from tests.support.portal import browser_of, member_with
from tests.verticals.workshop import visits
from tests.verticals.workshop.portal.cards import make_card
from tests.verticals.workshop.portal.desk import HTMX, make_appointment, work_for

pytestmark = pytest.mark.django_db
State = JobCard.State


@pytest.fixture
def world():
    return visits.make_world()


def _bill(world, amount, *, days=0, number="1", **fields):
    values = {
        "state": "paid",
        "paid_amount": amount,
        "issued_on": timezone.localdate() - timedelta(days=days),
        **fields,
    }
    return Invoice.objects.create(
        organization=world.garage.organization,
        branch=world.garage.branch,
        number=f"HD-{number}",
        billed_name="Lê Minh Khoa",
        subtotal=amount,
        total=amount,
        **values,
    )


def _needs(actor):
    with translation.override("en"):
        return {str(need.label): [row.plate or str(row.title) for row in need.rows] for need in list_needs(actor)}


def test_nothing_needs_anybody_in_an_empty_garage(world):
    page = browser_of(world.manager).get("/garage/")

    assert page.status_code == 200
    assert page.context["needs"] == []
    assert "needs-none" in page.content.decode()


def test_each_kind_of_waiting_is_listed(world):
    late = make_appointment(world.manager, 1, branch=world.garage.branch, starts_at=now() - timedelta(minutes=5))
    make_appointment(world.manager, 2, branch=world.garage.branch, starts_at=now() + timedelta(days=2))
    cards = [
        make_card(world.garage.organization.pk, branch=world.garage.branch, number=number, **fields)
        for number, fields in enumerate(
            [
                {"state": State.IN_PROGRESS, "promised_at": now() - timedelta(hours=1)},
                {"state": State.APPROVED},
                {"state": State.QUALITY_CHECK},
                {"state": State.COMPLETED, "promised_at": now() - timedelta(hours=1)},
                {"state": State.CREATED, "promised_at": now() + timedelta(hours=1)},
            ],
            start=1,
        )
    ]
    _bill(world, 500_000, state="overdue", paid_amount=0)

    assert _needs(world.manager) == {
        "Arriving": [late.plate],
        "Promised time is over": [cards[0].vehicle.plate],
        "Customer has answered": [cards[1].vehicle.plate],
        "Quality check due": [cards[2].vehicle.plate],
        "Ready to hand over": [cards[3].vehicle.plate],
        "Invoices overdue": ["Lê Minh Khoa"],
    }
    assert "Invoices overdue" not in _needs(member_with("appointment.view", place=world.garage.organization))


def test_arrived_parts_and_a_declined_estimate_need_somebody(world):
    card, _tasks = work_for(world)
    card.parts.filter(variant=world.pads).update(order_id=card.pk)
    other = make_card(world.garage.organization.pk, branch=world.garage.branch, number=9, state=State.ESTIMATED)
    other.estimates.create(number=1, state="decided")

    needs = _needs(world.manager)

    assert needs["Parts have arrived"] == [card.vehicle.plate]
    assert needs["Customer has answered"] == [other.vehicle.plate]


def test_the_numbers_are_those_of_the_branch(world):
    organization, branch = world.garage.organization, world.garage.branch
    elsewhere = BranchFactory(organization=organization)
    for number, (state, place) in enumerate(
        [
            (State.CREATED, branch),
            (State.WAITING_PARTS, branch),
            (State.WAITING_CUSTOMER_APPROVAL, branch),
            (State.DELIVERED, branch),
            (State.WAITING_PARTS, elsewhere),
        ],
        start=1,
    ):
        make_card(organization.pk, branch=place, number=number, state=state)

    counts = figures.count_cards(world.manager)

    assert (counts.in_house, counts.opened_today, counts.waiting_customer, counts.waiting_parts) == (3, 3, 1, 1)
    assert counts.oldest_parts is not None
    assert figures.count_cards(member_with("job_card.view", place=organization)).waiting_parts == 2
    assert figures.count_cards(member_with("job_card.view")).in_house == 0


def test_revenue_is_compared_with_the_same_days_of_last_month(world):
    today = timezone.localdate()
    into_month = (today - today.replace(day=1)).days
    last_of_before = today.replace(day=1) - timedelta(days=1)
    _bill(world, 3_000_000, number="now")
    _bill(world, 1_000_000, number="draft", state="draft", paid_amount=0)
    first_before = last_of_before.replace(day=1)
    _bill(world, 2_000_000, number="before", issued_on=first_before)
    beyond = first_before + timedelta(days=into_month + 1)
    if beyond < today.replace(day=1):
        _bill(world, 9_000_000, number="later", issued_on=beyond)

    sums = figures.sum_revenue(figures.read_billed(world.manager))

    assert (sums.now, sums.before) == (3_000_000, 2_000_000)
    with translation.override("en"):
        revenue = list_numbers(world.manager, "VND", figures.read_billed(world.manager))[4]
    assert (revenue.trend, revenue.direction, revenue.good) == ("+50 %", "up", "yes")


def test_money_is_for_those_who_may_see_it(world):
    _bill(world, 3_000_000)
    clerk = member_with("appointment.view", "job_card.view", place=world.garage.organization)

    page = browser_of(clerk).get("/garage/?chart=revenue")

    assert page.context["chart"]["is_money"] is False
    assert "3.000.000" not in page.content.decode()
    assert "3.000.000" in browser_of(world.manager).get("/garage/").content.decode()


def test_days_without_revenue_are_zero(world):
    _bill(world, 3_000_000, days=29)

    days = figures.revenue_by_day(figures.read_billed(world.manager))

    assert len(days) == 30
    assert [value for _day, value in days][:2] == [Decimal(3_000_000), Decimal(0)]
    assert days[-1][0] == timezone.localdate()


def test_visits_are_counted_on_their_day(world):
    make_card(world.garage.organization.pk, branch=world.garage.branch)
    make_card(world.garage.organization.pk, branch=world.garage.branch, number=2, state=State.CANCELLED)

    assert figures.visits_by_day(world.manager)[-1][1] == 1
    assert browser_of(world.manager).get("/garage/?chart=visits").context["chart"]["sum"] == "1"


@pytest.mark.parametrize(("highest", "top"), [(0, 1), (1, 1), (3, 5), (11, 20), (24, 25), (14_500_000, 20_000_000)])
def test_an_axis_ends_at_a_round_number(highest, top):
    assert round_top(Decimal(highest)) == top


def test_bars_fill_the_box():
    bars = draw_bars([("a", Decimal(0), ""), ("b", Decimal(5), ""), ("c", Decimal(10), "")], top=Decimal(10), marked=2)

    assert [(bar.y, bar.height) for bar in bars] == [(200, 0), (100, 100), (0, 200)]
    assert [bar.is_marked for bar in bars] == [False, False, True]


def test_large_amounts_are_shown_in_millions():
    with translation.override("vi"):
        assert format_short(Decimal(99_999_999), "VND") == "99.999.999 ₫"
        assert format_short(Decimal(123_450_000), "VND") == "123,4 tr ₫"
        assert format_axis(Decimal(20_000_000), "VND") == "20 tr"
        assert format_axis(Decimal(500_000), "VND") == "500.000 ₫"


def test_loads_tell_who_is_busy_with_what(world):
    _card, tasks = work_for(world)
    services.start_clock(world.technician, tasks[0], at=now() - timedelta(minutes=30))

    [load] = figures.technician_loads(world.manager)

    assert (load.user_id, load.tasks, load.minutes) == (world.technician.user_id, 2, 90)
    assert load.running.task == tasks[0]
    # Only today's minutes count; shortly after midnight that is less than half an hour.
    present = timezone.localtime()
    clocked = min(30, present.hour * 60 + present.minute)
    assert load.clocked in (clocked - 1, clocked)


def test_it_refreshes_itself_on_events_of_the_company(world):
    answer = browser_of(world.manager).get("/garage/", headers={**HTMX, "HX-Target": "dashboard"})

    text = answer.content.decode()
    assert "<html" not in text
    assert f'data-live="dashboard:{world.garage.organization.pk}"' in text


def test_people_without_a_desk_go_on_to_their_own_first_page(world):
    keeper = member_with("inventory.view", "job_card.view", place=world.garage.organization)

    answer = browser_of(keeper).get("/garage/")

    assert answer.status_code == 302
    assert answer["Location"] != "/garage/"


def test_more_rows_cost_no_more_queries(world):
    client = browser_of(world.manager)

    def count():
        client.get("/garage/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/garage/").status_code == 200
        return len(queries)

    def add(number):
        make_appointment(
            world.manager, number, branch=world.garage.branch, starts_at=now() - timedelta(minutes=number * 31 - 30)
        )
        for place, state in enumerate((State.QUALITY_CHECK, State.COMPLETED, State.APPROVED)):
            make_card(
                world.garage.organization.pk,
                branch=world.garage.branch,
                number=number * 3 + place,
                state=state,
                promised_at=now() - timedelta(hours=1),
            )
        _bill(world, 100_000, number=str(number), state="overdue", paid_amount=0)

    add(1)
    few = count()
    for number in range(2, 31):
        add(number)
    Appointment.objects.update(starts_at=now() - timedelta(minutes=1), ends_at=now())

    assert count() == few
