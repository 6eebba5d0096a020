"""Whatever people do in whatever order: stock, money, promises and states add up."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.core.errors import BusinessError
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import cancel_invoice, finalise_invoice
from apps.engines.inventory.models import StockLevel, StockMovement, StockReservation
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.services import cancel_order, confirm_order, mark_ready, receive_order, start_picking
from apps.engines.payments.models import Payment
from apps.engines.payments.services import receive_cash, refund_payment, verify_money
from apps.engines.shipping.services import ship_order
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard, PartRequirement
from apps.verticals.workshop.types import CheckInInput, EstimateLineInput, VisitorInput
from tests.factories.inventory import put_stock
from tests.verticals.workshop import visits

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CARDS = st.integers(0, 3)
ORDERS = st.integers(0, 4)
BUSY = ("in_progress", "waiting_parts", "approved", "assigned")
QUANTITIES = st.integers(1, 3)
MONEY = st.integers(1, 40).map(lambda number: Decimal(number * 50_000))


class Business(RuleBasedStateMachine):
    """A garage with four pads and no filter, a distributor with ten filters, and their people in any order."""

    world: visits.World
    steps_done: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.cards: list[JobCard] = []
        self.done = 0

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def attempt(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The service's answer, None when it refused; refusals must leave nothing, which the sums show."""
        self.done += 1
        try:
            found = work(*args, **kwargs)
        except BusinessError:
            return None
        self.steps_done.append(work.__name__)
        return found

    def card(self, number: int) -> JobCard | None:
        return JobCard.objects.get(pk=self.cards[number % len(self.cards)].pk) if self.cards else None

    def order(self, number: int, *states: str) -> Order | None:
        """One of the orders, where there are some among those in these states."""
        orders = list(Order.objects.order_by("pk"))
        fitting = [order for order in orders if order.state in states] or orders
        return fitting[number % len(fitting)] if orders else None

    def pick(self, model: Any, number: int) -> Any:
        rows = list(model.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(pads=QUANTITIES, filters=QUANTITIES, decline=st.booleans())
    @precondition(lambda self: len(self.cards) < 4)
    def a_car_comes(self, pads: int, filters: int, decline: bool) -> None:
        number = len(self.cards)
        card = self.attempt(
            services.check_in,
            self.world.advisor,
            branch=self.world.garage.branch,
            visitor=VisitorInput(
                name=f"Khách {number}", phone=f"090312345{number}", plate=f"51G-100.0{number}", make="Kia", model="K3"
            ),
            arrival=CheckInInput(odometer_km=1_000, fuel_percent=50),
        )
        self.cards.append(card)
        lines = [
            EstimateLineInput(kind="labour", operation_id=self.world.garage.pads_labour.pk),
            EstimateLineInput(kind="part", variant_id=self.world.pads.pk, quantity=Decimal(pads)),
            EstimateLineInput(kind="part", variant_id=self.world.oil_filter.pk, quantity=Decimal(filters)),
        ]
        made = services.send_estimate(self.world.advisor, services.save_estimate(self.world.advisor, card, lines=lines))
        declined = (self.world.pads.product.name,) if decline else ()
        visits.approve(self.world, made, declined=declined)
        self.attempt(services.start_card, self.world.advisor, card)

    @rule(number=CARDS)
    @precondition(lambda self: PartRequirement.objects.filter(state="missing", job_card__state__in=BUSY).exists())
    def missing_parts_are_ordered(self, number: int) -> None:
        if card := self.card(number):
            self.attempt(services.order_missing_parts, self.world.advisor, card)

    @rule(number=ORDERS, most=st.integers(0, 3))
    @precondition(lambda self: Order.objects.filter(state="pending").exists())
    def the_seller_confirms(self, number: int, most: int) -> None:
        if order := self.order(number, "pending"):
            cut = {line.pk: min(line.quantity, Decimal(most)) for line in order.lines.all()} if most < 3 else None
            self.attempt(confirm_order, self.world.seller, order, quantities=cut)
            self.attempt(start_picking, self.world.seller, order)
            self.attempt(mark_ready, self.world.seller, order)

    @rule(number=ORDERS, quantity=QUANTITIES)
    @precondition(lambda self: Order.objects.filter(state__in=("ready", "shipped", "confirmed", "processing")).exists())
    def goods_leave(self, number: int, quantity: int) -> None:
        if order := self.order(number, "ready", "shipped"):
            lines = {line.pk: Decimal(quantity) for line in order.lines.all()}
            self.attempt(ship_order, self.world.seller, order, lines=lines if quantity < 3 else None)

    @rule(number=ORDERS, quantity=QUANTITIES)
    @precondition(lambda self: OrderLine.objects.filter(shipped__gt=F("received")).exists())
    def goods_arrive(self, number: int, quantity: int) -> None:
        if order := self.order(number, "shipped"):
            lines = {line.pk: Decimal(quantity) for line in order.lines.all()}
            self.attempt(receive_order, self.world.manager, order, lines=lines if quantity < 3 else None)

    @rule(number=ORDERS, by_seller=st.booleans())
    @precondition(lambda self: self.done % 4 == 0 and Order.objects.exists())
    def an_order_is_cancelled(self, number: int, by_seller: bool) -> None:
        if order := self.order(number):
            who = self.world.seller if by_seller else self.world.manager
            self.attempt(cancel_order, who, order, reason="Thôi")

    @rule(number=CARDS, part=st.integers(0, 1), quantity=QUANTITIES)
    @precondition(lambda self: PartRequirement.objects.filter(reserved__gt=0).exists())
    def a_part_is_issued(self, number: int, part: int, quantity: int) -> None:
        if found := self.part(number, part):
            self.attempt(services.issue_part, self.world.technician, found, quantity=Decimal(quantity))

    @rule(number=CARDS, part=st.integers(0, 1), quantity=QUANTITIES)
    @precondition(lambda self: PartRequirement.objects.filter(issued__gt=0).exists())
    def a_part_comes_back(self, number: int, part: int, quantity: int) -> None:
        if found := self.part(number, part):
            self.attempt(services.return_part, self.world.manager, found, quantity=Decimal(quantity), reason="Thừa")

    def part(self, number: int, part: int) -> PartRequirement | None:
        card = self.card(number)
        parts = list(card.parts.order_by("pk")) if card else []
        return parts[part] if part < len(parts) else None

    @rule(number=CARDS, bought=st.booleans())
    def stock_is_looked_at_again(self, number: int, bought: bool) -> None:
        if bought:
            put_stock(self.world.oil_filter, self.world.garage.warehouse, 1)
        if card := self.card(number):
            self.attempt(services.request_parts, self.world.manager, card)

    @rule(number=CARDS)
    @precondition(lambda self: self.done % 5 == 0 and bool(self.cards))
    def a_card_is_cancelled(self, number: int) -> None:
        if card := self.card(number):
            self.attempt(services.cancel_card, self.world.manager, card, reason="Thôi")

    @rule(number=CARDS)
    @precondition(lambda self: self.done % 3 == 0 and bool(self.cards))
    def a_card_is_finished(self, number: int) -> None:
        card = self.card(number)
        if card is None:
            return
        for task in card.tasks.all():
            self.attempt(services.skip_task, self.world.manager, task, reason="Xong")
        self.attempt(services.submit_for_check, self.world.advisor, card)
        self.attempt(services.record_quality_check, self.world.manager, card, result="passed")
        self.attempt(services.complete_card, self.world.advisor, card)

    @rule(number=CARDS, cancel=st.booleans())
    @precondition(lambda self: Invoice.objects.exists())
    def an_invoice_is_finalised(self, number: int, cancel: bool) -> None:
        if found := self.pick(Invoice, number):
            self.attempt(finalise_invoice, self.world.cashier, found)
            if cancel:
                self.attempt(cancel_invoice, self.world.manager, found, reason="Sai")

    @rule(number=CARDS, amount=MONEY)
    @precondition(lambda self: Invoice.objects.exists())
    def money_comes(self, number: int, amount: Decimal) -> None:
        if found := self.pick(Invoice, number):
            pays = min(amount, found.balance) if amount > 1_000_000 else amount
            self.attempt(receive_cash, self.world.cashier, payable_type="invoice", payable_id=found.pk, amount=pays)

    @rule(number=CARDS, amount=MONEY)
    @precondition(lambda self: Payment.objects.exists())
    def money_goes_back(self, number: int, amount: Decimal) -> None:
        if found := self.pick(Payment, number):
            self.attempt(refund_payment, self.world.manager, found, amount=amount, reason="Trả lại")

    @rule(number=CARDS)
    @precondition(lambda self: Invoice.objects.exists())
    def a_car_goes(self, number: int) -> None:
        if card := self.card(number):
            self.attempt(services.deliver_card, self.world.advisor, card, name="Khoa", signature_png=visits.png())

    @invariant()
    def no_card_waits_for_nothing(self) -> None:
        for card in JobCard.objects.filter(state=JobCard.State.WAITING_PARTS):
            parts = card.parts.exclude(state=PartRequirement.State.CANCELLED)
            assert parts.filter(required__gt=F("reserved") + F("issued")).exists(), f"{card} waits for nothing"

    def check(self) -> None:
        assert verify_stock() == []
        assert verify_money() == []
        assert not StockLevel.objects.filter(reserved__gt=F("on_hand")).exists()
        self.check_parts()
        self.check_orders()
        for invoice in Invoice.objects.all():
            assert invoice.total == sum(line.gross for line in invoice.lines.all())

    def check_parts(self) -> None:
        for part in PartRequirement.objects.select_related("job_card"):
            promised = StockReservation.objects.filter(line_id=part.pk, state=StockReservation.State.ACTIVE)
            left = promised.aggregate(left=Sum(F("quantity") - F("consumed") - F("released")))["left"] or 0
            assert part.reserved == left, f"{part} of {part.job_card}: {part.reserved} reserved, {left} promised"
            if part.job_card.state == JobCard.State.CANCELLED:
                assert (part.state, part.reserved) == (PartRequirement.State.CANCELLED, 0)
        used = StockMovement.objects.filter(source_type="workshop.jobcard").aggregate(used=Sum("quantity"))
        issued = PartRequirement.objects.aggregate(issued=Sum("issued"))
        assert -(used["used"] or 0) == (issued["issued"] or 0)

    def check_orders(self) -> None:
        for order in Order.objects.prefetch_related("lines"):
            lines = list(order.lines.all())
            assert order.total == sum(line.gross for line in lines)
            assert all(line.received <= line.shipped <= line.quantity for line in lines)
            promised = StockReservation.objects.filter(source_id=order.pk, state=StockReservation.State.ACTIVE)
            left = promised.aggregate(left=Sum(F("quantity") - F("consumed") - F("released")))["left"] or 0
            is_over = order.state in (Order.State.CANCELLED,)
            assert left == (0 if is_over else sum(line.quantity - line.shipped for line in lines)), order


def test_everything_adds_up_in_any_order() -> None:
    Business.world, Business.steps_done = visits.make_world(), []
    run_state_machine_as_test(
        Business,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    for step in (
        "order_missing_parts", "confirm_order", "ship_order", "receive_order", "cancel_order", "issue_part",
        "return_part", "cancel_card", "complete_card", "finalise_invoice", "receive_cash", "refund_payment",
    ):  # fmt: skip
        assert step in Business.steps_done, (
            f"{Counter(Business.steps_done)}: {step} never happened, so nothing is proven about it"
        )
