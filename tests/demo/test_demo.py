"""The demo world, loaded small into the test database once."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.core.clock import local_date
from apps.demo.history.year import play_year
from apps.demo.load import load_world
from apps.demo.logins import list_logins
from apps.demo.masters.all import make_masters
from apps.demo.masters.catalogue import STORY_PARTS
from apps.demo.reset import empty_database
from apps.demo.world import World
from apps.engines.billing.models import Invoice
from apps.engines.catalog.models import Category, Product, Variant
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.orders.offers import best_offer
from apps.engines.payments.services import verify_money
from apps.engines.vehicles.models import Vehicle
from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.services import build_actor
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, JobPhoto, PartRequirement, WorkLog

SHARE = 0.06
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        load_world(share=SHARE)
        yield
        with transaction.atomic():
            empty_database()


def test_stock_and_money_add_up() -> None:
    assert verify_stock() == []
    assert verify_money() == []
    assert StockMovement.objects.filter(kind="sale").exists()
    bought, left = (
        StockMovement.objects.filter(organization__slug=slug, kind=kind, source_type="orders.order")
        for slug, kind in (("minh-phat", "purchase"), ("phu-tung-a-chau", "sale"))
    )
    assert 0 < bought.count() < left.count()


def test_costs_of_parts_are_those_of_the_ledger() -> None:
    rows = PartRequirement.objects.filter(issued__gt=0).select_related("job_card")
    moved = {
        (row.source_id, row.variant_id, -row.quantity, row.unit_cost)
        for row in StockMovement.objects.filter(kind=StockMovement.Kind.JOB_CARD)
    }
    assert rows.count() > 50
    assert [row.pk for row in rows if (row.job_card_id, row.variant_id, row.issued, row.unit_cost) not in moved] == []


def test_companies_have_what_they_need() -> None:
    assert set(Organization.objects.values_list("slug", flat=True)) == {
        "minh-phat",
        "auto-hoang-gia",
        "phu-tung-a-chau",
    }
    assert Branch.objects.count() == 6
    articles = {
        slug: Product.objects.filter(organization__slug=slug).count() for slug in ("minh-phat", "auto-hoang-gia")
    }
    assert articles == {"minh-phat": 120, "auto-hoang-gia": 120}
    assert Product.objects.filter(organization__slug="phu-tung-a-chau").count() == 300
    assert Vehicle.objects.filter(odometer_km__isnull=False, status="completed").count() > 40


def test_invoices_are_numbered_without_gaps_in_the_order_of_time() -> None:
    numbers = defaultdict(list)
    for invoice in Invoice.objects.exclude(number="").order_by("organization", "finalised_at", "number"):
        prefix, _, last = invoice.number.rpartition("-")
        numbers[invoice.organization_id, prefix].append(int(last))
    assert len(numbers) >= 3
    for taken in numbers.values():
        assert taken == list(range(1, len(taken) + 1))


def test_nobody_works_on_two_cars_at_once() -> None:
    spans = defaultdict(list)
    for log in WorkLog.objects.filter(is_open=False):
        spans[log.technician_id].append((log.period.lower, log.period.upper))
    assert len(spans) == 6
    for periods in spans.values():
        periods.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(periods))
    assert WorkLog.objects.filter(is_open=True).count() == 2


def test_the_present_shows_every_state() -> None:
    shown = set(JobCard.objects.exclude(state__in=["delivered", "cancelled"]).values_list("state", flat=True))
    assert shown == set(JobCard.State.values) - {"delivered", "cancelled"}
    states = set(Order.objects.values_list("state", flat=True))
    assert {"pending", "confirmed", "processing", "ready", "shipped", "delivered", "completed", "cancelled"} <= states
    assert Estimate.objects.filter(state="sent").count() == 2
    assert JobPhoto.objects.filter(point__rating__in=["yellow", "red"]).exists()
    assert Appointment.objects.filter(state__in=["booked", "confirmed"]).count() >= 10
    assert Feedback.objects.filter(state="pending").exists()
    waiting = JobCard.objects.get(state="waiting_parts")
    assert Order.objects.get(source_id=waiting.pk).state == Order.State.PENDING


def test_everybody_who_must_know_was_told() -> None:
    assert OutboxEvent.objects.filter(relayed_at__isnull=True).count() == 0
    assert Delivery.objects.filter(type="estimate.sent", state="sent").exists()
    assert Notification.objects.filter(user__email="linh.covan@minhphat.demo").exists()
    card = JobCard.objects.filter(state="delivered").first()
    assert card is not None
    actions = set(AuditLog.objects.filter(entity_id=card.pk).values_list("action", flat=True))
    assert {"job_card.opened", "job_card.send_estimate", "job_card.approve", "job_card.deliver"} <= actions


def test_front_pads_of_a_vios_must_be_ordered() -> None:
    garage = Organization.objects.get(slug="minh-phat")
    keeper = build_actor(User.objects.get(email="hanh.kho@minhphat.demo"), organization_id=garage.pk)
    own = Variant.objects.filter(organization=garage, product__part_number__in=STORY_PARTS)
    assert own.count() == 2
    assert set(
        StockLevel.objects.filter(variant__in=own, warehouse__branch__code="TB").values_list("on_hand", flat=True)
    ) == {Decimal(0)}
    for variant in own:
        offer = best_offer(keeper, variant=variant, quantity=Decimal(1))
        assert offer is not None
        assert (offer.seller.slug, offer.can_deliver) == ("phu-tung-a-chau", True)
        assert offer.unit_price < variant.price


@pytest.mark.parametrize("login", list_logins(), ids=lambda login: login.identifier)
def test_log_in_works(client: Client, login) -> None:
    answer = client.post("/login/", {"identifier": login.identifier, "password": login.password})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email=login.identifier).pk)


def test_log_in_page_offers_them(client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert all(login.identifier in page for login in list_logins())


def test_loading_again_does_nothing() -> None:
    def count() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (JobCard, Invoice, StockMovement, OutboxEvent, User))

    before = count()
    call_command("demo", if_empty=True)
    assert count() == before


def test_log_ins_are_listed_with_the_story() -> None:
    out = StringIO()
    call_command("demo", logins=True, stdout=out)
    text = out.getvalue()
    assert all(login.identifier in text for login in list_logins())
    assert re.search(r"Book a visit at http\S+/g/minh-phat/", text)


def test_nothing_is_loaded_where_no_demo_is_wanted(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo", reset=True)
    assert JobCard.objects.exists()


def test_a_day_gives_the_same_year() -> None:
    def play(day: date) -> list[tuple[object, ...]]:
        Category.objects.all().delete()
        world = World(day, 0.02)
        play_year(world, make_masters(world))
        return [(row.pk, row.number, row.total, row.paid_amount) for row in world.rows.of(Invoice)]

    empty_database()
    first = play(local_date())
    assert len(first) >= 20
    assert play(local_date()) == first
