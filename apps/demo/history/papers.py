"""Invoice, money, hand-over and rating of a visit of the past."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from apps.core.money import format_money
from apps.demo import fixtures
from apps.demo.history import visits
from apps.demo.history.log import note
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.services.inputs import sum_up
from apps.engines.customers.models import Customer
from apps.engines.payments.models import MoneyMovement, Payment
from apps.verticals.feedback.models import Feedback
from apps.verticals.workshop.models import EstimateLine, JobCard

if TYPE_CHECKING:
    from apps.demo.history.year import Year

DUE = timedelta(days=7)
METHODS = (Payment.Method.CASH, Payment.Method.BANK_TRANSFER, Payment.Method.ONLINE, Payment.Method.CARD)
PREFERRED = (42, 26, 24, 8)
RATINGS = ((5, 4, 3, 2, 1), (56, 27, 10, 4, 3))


def settle(year: "Year", this: "visits.Visit") -> Iterator[datetime]:
    """Bill, money, keys, rating. Firms take the car first and pay by transfer later; some are slow."""
    dice = year.world.dice
    invoice = _bill(year, this)
    yield year.now + timedelta(minutes=dice.randint(3, 12))
    _finalise(year, this, invoice)
    is_firm = this.car.vehicle.customer.kind == Customer.Kind.COMPANY
    if is_firm:
        yield year.now + timedelta(minutes=dice.randint(5, 20))
        _hand_over(year, this)
        year.scheduler.begin(_pay_later(year, invoice))
    else:
        yield year.now + timedelta(minutes=dice.randint(3, 15))
        pay(year, invoice, invoice.total, dice.choices(METHODS, PREFERRED)[0])
        yield year.now + timedelta(minutes=dice.randint(2, 15))
        _hand_over(year, this)
    yield from _rate(year, this)


def _bill(year: "Year", this: "visits.Visit") -> Invoice:
    card, now, customer = this.card, year.now, this.car.vehicle.customer
    invoice = year.world.new(
        Invoice,
        now,
        organization_id=card.organization_id,
        branch_id=card.branch_id,
        source_type="workshop.jobcard",
        source_id=card.pk,
        source_label=card.number,
        customer=customer,
        billed_name=customer.name,
        billed_phone=customer.phone,
        billed_email=customer.email,
        billed_address=customer.address,
        billed_tax_code=customer.tax_code,
    )
    lines = [_line(year, this, invoice, number, line) for number, line in enumerate(this.approved)]
    for name, amount in sum_up(lines).items():
        setattr(invoice, name, amount)
    note(year.world, now, "invoice.drafted", invoice, by=card.advisor)
    return invoice


def _line(year: "Year", this: "visits.Visit", invoice: Invoice, position: int, line: EstimateLine) -> InvoiceLine:
    return year.world.new(
        InvoiceLine,
        year.now,
        invoice=invoice,
        position=position,
        kind=line.kind,
        description=line.description,
        variant_id=line.variant_id,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        net=line.net,
        tax_rate=line.tax_rate,
        tax=line.tax,
        gross=line.gross,
        cost=visits.cost_of_line(this, line),
        line_id=line.pk,
    )


def _finalise(year: "Year", this: "visits.Visit", invoice: Invoice) -> None:
    now = year.now
    day = now.date()
    invoice.number = year.numbers.yearly(invoice.organization_id, "INV", day)
    invoice.state, invoice.issued_on, invoice.due_on = Invoice.State.SENT, day, day + DUE
    invoice.finalised_at = invoice.sent_at = now
    by = this.shop.site.person("cashier")
    note(year.world, now, "invoice.finalised", invoice, by=by, data={"number": invoice.number}, is_public=True)
    note(year.world, now, "invoice.sent", invoice, by=by, is_public=True)
    if invoice.total == 0:
        invoice.state, invoice.payment_status, invoice.paid_at = Invoice.State.PAID, Invoice.PaymentStatus.PAID, now


def _pay_later(year: "Year", invoice: Invoice) -> Iterator[datetime]:
    dice = year.world.dice
    temper = dice.random()
    yield year.now + timedelta(days=dice.randint(2, 9) if temper < 0.65 else dice.randint(12, 40))
    if invoice.due_on is not None and year.now.date() > invoice.due_on:
        note(year.world, year.now, "invoice.overdue", invoice)
    if temper > 0.9:
        part = (invoice.total / 2).quantize(Decimal(1))
        pay(year, invoice, part, Payment.Method.BANK_TRANSFER)
        yield year.now + timedelta(days=dice.randint(5, 15))
    pay(year, invoice, invoice.total - invoice.paid_amount, Payment.Method.BANK_TRANSFER)


def pay(year: "Year", invoice: Invoice, amount: Decimal, method: str) -> None:
    """One payment, received, with its line in the money ledger."""
    if amount <= 0:
        return
    world, now = year.world, year.now
    is_online = method == Payment.Method.ONLINE
    site = year.site_of(invoice.branch_id)
    payment = world.new(
        Payment,
        now,
        organization_id=invoice.organization_id,
        branch_id=invoice.branch_id,
        number=year.numbers.daily(invoice.organization_id, "PT", now),
        payable_type="invoice",
        payable_id=invoice.pk,
        payable_label=invoice.number,
        payer_name=invoice.billed_name[:160],
        amount=amount,
        method=method,
        provider="payos" if is_online else "",
        provider_reference=str(int(now.timestamp()) * 1000 + world.dice.randrange(1000)) if is_online else "",
        transaction_reference=f"FT{world.dice.randrange(10**10):010d}" if method != Payment.Method.CASH else "",
        state=Payment.State.COMPLETED,
        completed_at=now,
        received_by=None if is_online else site.person("cashier"),
    )
    world.new(
        MoneyMovement,
        now,
        organization_id=payment.organization_id,
        branch_id=payment.branch_id,
        payment=payment,
        kind=MoneyMovement.Kind.RECEIPT,
        amount=amount,
        currency="VND",
        method=method,
        payable_type="invoice",
        payable_id=invoice.pk,
        occurred_at=now,
        made_by=payment.received_by,
    )
    data = {"amount": format_money(amount, "VND", "vi"), "method": method}
    note(world, now, "payment.completed", payment, by=payment.received_by, data=data, is_public=True)
    invoice.paid_amount += amount
    invoice.payment_status = Invoice.PaymentStatus.PARTIAL
    if invoice.paid_amount >= invoice.total:
        invoice.state, invoice.payment_status, invoice.paid_at = Invoice.State.PAID, Invoice.PaymentStatus.PAID, now
        note(world, now, "invoice.paid", invoice, is_public=True)


def _hand_over(year: "Year", this: "visits.Visit") -> None:
    card = this.card
    card.state, card.delivered_at = JobCard.State.DELIVERED, year.now
    card.handover_name = this.car.vehicle.customer.name[:120]
    note(year.world, year.now, "job_card.deliver", card, by=card.advisor, is_public=True)


def _rate(year: "Year", this: "visits.Visit") -> Iterator[datetime]:
    """Everybody is asked, about half answer within two days, and the manager reads it."""
    dice, card = year.world.dice, this.card
    feedback = year.world.new(
        Feedback,
        year.now,
        organization_id=card.organization_id,
        branch_id=card.branch_id,
        source_type="workshop.jobcard",
        source_id=card.pk,
        source_label=card.number,
        customer_id=card.customer_id,
    )
    note(year.world, year.now, "feedback.requested", feedback)
    if dice.random() > 0.52:
        return
    yield year.now + timedelta(minutes=dice.randint(20, 2200))
    feedback.rating = dice.choices(*RATINGS)[0]
    if dice.random() < 0.6:
        feedback.comment = dice.choice(fixtures.read("demo/workshop")["feedback_comments"][str(feedback.rating)])
    feedback.state, feedback.submitted_at = Feedback.State.PENDING, year.now
    by = this.car.vehicle.customer.name
    note(year.world, year.now, "feedback.given", feedback, by=by, data={"rating": feedback.rating})
    yield year.now + timedelta(hours=dice.randint(2, 60))
    feedback.state = Feedback.State.RESOLVED if feedback.rating > 3 else Feedback.State.ACKNOWLEDGED
    if feedback.comment:
        is_good = feedback.rating > 3
        feedback.answer = (
            "Cảm ơn anh/chị đã tin tưởng, hẹn gặp lại!"
            if is_good
            else "Gara xin lỗi anh/chị, quản đốc sẽ gọi lại để khắc phục."
        )
    note(year.world, year.now, "feedback.acknowledged", feedback, by=this.shop.site.person("manager"))
