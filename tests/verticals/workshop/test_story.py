"""One visit from booking to hand-over, with the sums of stock, money and history at the end."""

from decimal import Decimal

import pytest

from apps.core.testing.relay import run_relay
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import finalise_invoice
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.orders.models import Order
from apps.engines.orders.services import confirm_order, mark_ready, receive_order, start_picking
from apps.engines.payments.services import receive_cash, verify_money
from apps.engines.shipping.services import ship_order
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Delivery, Notification
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop import services
from apps.verticals.workshop.models import EstimateDecision, JobCard, PartRequirement
from tests.verticals.workshop import visits

S = JobCard.State
pytestmark = pytest.mark.django_db


def state_of(card: JobCard) -> str:
    card.refresh_from_db()
    return card.state


def test_one_visit_from_booking_to_hand_over() -> None:
    world = visits.make_world()
    appointment = visits.book(world)
    card = visits.check_in(world, appointment)
    assert (card.state, card.customer, card.concern) == (S.CREATED, appointment.customer, "Thay dầu động cơ")
    made = visits.estimate(world, card)
    # 300.000 + (650.000 - 50.000) + 150.000 + 120.000 + 60.000, each with 10 % tax
    assert (made.subtotal, made.discount_total, made.tax_total, made.total) == (1_280_000, 50_000, 123_000, 1_353_000)
    assert state_of(card) == S.WAITING_CUSTOMER_APPROVAL

    visits.approve(world, made, declined=("Rửa xe",))
    assert state_of(card) == S.APPROVED
    assert card.total == 1_287_000
    evidence = EstimateDecision.objects.get()
    assert (evidence.channel, evidence.total_seen, evidence.document_hash) == ("link", made.total, made.document_hash)
    assert evidence.signature is not None
    pads, oil_filter = card.parts.order_by("variant__price").reverse()
    assert (pads.state, oil_filter.state) == (PartRequirement.State.RESERVED, PartRequirement.State.MISSING)
    assert StockLevel.objects.get(variant=world.pads).reserved == 1

    tasks = list(card.tasks.all())
    assert [task.description for task in tasks] == ["Thay má phanh trước", "Thay dầu động cơ"]
    services.assign_tasks(world.advisor, card, assignments={task.pk: world.technician.user_id for task in tasks})
    services.start_clock(world.technician, tasks[0])
    assert state_of(card) == S.IN_PROGRESS
    services.issue_part(world.technician, pads)
    assert StockLevel.objects.get(variant=world.pads).on_hand == 3
    services.complete_task(world.technician, tasks[0], correction="Đã thay má phanh")

    [order] = services.order_missing_parts(world.advisor, card)
    assert state_of(card) == S.WAITING_PARTS
    assert (order.seller, order.state, order.total) == (world.distributor, Order.State.PENDING, 88_000)
    confirm_order(world.seller, order)
    start_picking(world.seller, order)
    mark_ready(world.seller, order)
    ship_order(world.seller, order)
    receive_order(world.manager, order)
    assert state_of(card) == S.IN_PROGRESS
    oil_filter.refresh_from_db()
    assert (oil_filter.state, oil_filter.reserved) == (PartRequirement.State.RESERVED, 1)

    services.start_clock(world.technician, tasks[1])
    services.issue_part(world.technician, oil_filter)
    services.complete_task(world.technician, tasks[1])
    services.submit_for_check(world.technician, card)
    services.record_quality_check(world.manager, card, result="passed", points=[{"code": "test_drive", "is_ok": True}])
    services.complete_card(world.advisor, card)

    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.state, invoice.source_label) == (1_287_000, Invoice.State.DRAFT, card.number)
    costs = {line.description: line.cost for line in invoice.lines.all()}
    assert costs[world.pads.product.name] == 400_000
    assert costs[world.oil_filter.product.name] == 80_000
    invoice = finalise_invoice(world.cashier, invoice)
    receive_cash(world.cashier, payable_type="invoice", payable_id=invoice.pk, amount=Decimal(1_287_000))
    services.deliver_card(world.advisor, card, name="Lê Minh Khoa", signature_png=visits.png())
    assert state_of(card) == S.DELIVERED

    run_relay()
    assert Feedback.objects.get().source_id == card.pk
    kinds = set(Delivery.objects.values_list("type", flat=True))
    assert {"appointment.booked", "estimate.sent", "job_card.completed", "feedback.requested"} <= kinds
    told = Notification.objects.filter(type="parts.arrived").values_list("user_id", flat=True)
    assert set(told) == {world.technician.user_id, world.advisor.user_id}
    assert verify_stock() == []
    assert verify_money() == []
    sums = StockMovement.objects.filter(organization=world.garage.organization).values_list("kind", "quantity")
    assert sorted(sums) == [("job_card", -1), ("job_card", -1), ("purchase", 1), ("purchase", 4)]
    steps = AuditLog.objects.filter(entity_id=card.pk).values_list("action", flat=True)
    assert {
        "job_card.opened",
        "job_card.approve",
        "job_card.wait_for_parts",
        "job_card.release",
        "job_card.deliver",
    } <= set(steps)


def test_relaying_twice_tells_nobody_twice() -> None:
    world = visits.make_world()
    visits.book(world)
    run_relay()
    before = Delivery.objects.count(), Notification.objects.count()
    run_relay()
    assert (Delivery.objects.count(), Notification.objects.count()) == before == (2, Notification.objects.count())
    assert Delivery.objects.filter(channel="sms").get().address == "+84903123456"
