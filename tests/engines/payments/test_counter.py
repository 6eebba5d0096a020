"""Money over the counter and back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.ids import uuid7
from apps.engines.billing.models import Invoice
from apps.engines.payments.errors import (
    AmountInvalid,
    NothingDue,
    NotRefundable,
    PaysTooMuch,
    RefundTooHigh,
    TenderedTooLittle,
)
from apps.engines.payments.models import MoneyMovement, Payment, Refund
from apps.engines.payments.services import receive_cash, refund_payment, verify_money
from apps.platform.events.models import OutboxEvent
from tests.factories.actors import actor_for
from tests.factories.billing import make_draft, make_invoice
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import pay, pending_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return OrganizationFactory()


@pytest.fixture
def cashier(company):
    return actor_for("cashier", company)


@pytest.fixture
def invoice(company):
    return make_invoice(company)


def fresh(invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def shown(invoice) -> tuple:
    row = fresh(invoice)
    return row.state, row.payment_status, row.paid_amount


class TestReceiving:
    def test_a_part_and_the_rest(self, invoice):
        pay(invoice, 40_000)
        assert shown(invoice) == ("final", "partial", Decimal(40_000))

        payment = pay(invoice, 70_000, method="card", transaction_reference="VISA-1")

        assert shown(invoice) == ("paid", "paid", Decimal(110_000))
        assert fresh(invoice).paid_at is not None
        assert (payment.state, payment.method, payment.transaction_reference) == ("completed", "card", "VISA-1")
        assert list(MoneyMovement.objects.order_by("pk").values_list("amount", flat=True)) == [40_000, 70_000]
        assert OutboxEvent.objects.filter(name="invoice.paid").count() == 1
        assert verify_money() == []

    @pytest.mark.parametrize(
        ("amount", "options", "error"),
        [
            (110_001, {}, PaysTooMuch),
            (0, {}, AmountInvalid),
            (-5, {}, AmountInvalid),
            ("1000.5", {}, AmountInvalid),
            (110_000, {"tendered": Decimal(100_000)}, TenderedTooLittle),
            (110_000, {"method": "online"}, BadInput),
        ],
    )
    def test_refused_and_nothing_left(self, invoice, amount, options, error):
        with pytest.raises(error):
            pay(invoice, amount, **options)

        assert shown(invoice) == ("final", "pending", Decimal(0))
        assert not Payment.objects.exists()
        assert not MoneyMovement.objects.exists()

    def test_a_paid_one_is_not_paid_again(self, invoice):
        pay(invoice, 110_000)

        with pytest.raises(NothingDue):
            pay(invoice, 1)

        assert Payment.objects.count() == MoneyMovement.objects.count() == 1
        assert shown(invoice) == ("paid", "paid", Decimal(110_000))

    def test_drafts_are_not_paid(self, company):
        with pytest.raises(NothingDue):
            pay(make_draft(company), 1000)

        assert not Payment.objects.exists()

    def test_rights_and_tenancy(self, invoice, company):
        values = {"payable_type": "invoice", "payable_id": invoice.pk, "amount": Decimal(1000)}
        with pytest.raises(NotAllowed):
            receive_cash(actor_for("technician", company), **values)
        with pytest.raises(NotFound):
            receive_cash(actor_for("owner"), **values)
        with pytest.raises(NotFound):
            receive_cash(actor_for("owner", company), **{**values, "payable_id": uuid7()})
        with pytest.raises(NotFound):
            receive_cash(actor_for("owner", company), **{**values, "payable_type": "nothing"})

        assert not Payment.objects.exists()


class TestGivingBack:
    def test_a_part_and_the_rest(self, invoice, cashier):
        payment = pay(invoice, 110_000)

        refund_payment(cashier, payment, amount=Decimal(30_000), reason="Làm lại miễn phí")
        assert shown(invoice) == ("sent", "partial", Decimal(80_000))

        refund_payment(cashier, payment, amount=Decimal(80_000), reason="Hủy dịch vụ")
        assert shown(invoice) == ("refunded", "refunded", Decimal(0))
        assert Payment.objects.get().refunded_amount == Decimal(110_000)
        assert verify_money() == []

    def test_a_refunded_part_is_owed_and_paid_again(self, invoice, cashier):
        refund_payment(cashier, pay(invoice, 110_000), amount=Decimal(30_000), reason="x")

        pay(invoice, 30_000)

        assert shown(invoice) == ("paid", "paid", Decimal(110_000))
        assert verify_money() == []

    def test_what_was_never_paid_in_full_is_owed_again(self, invoice, cashier):
        refund_payment(cashier, pay(invoice, 50_000), amount=Decimal(50_000), reason="Nhầm hóa đơn")
        assert shown(invoice) == ("final", "pending", Decimal(0))

        pay(invoice, 110_000)

        assert shown(invoice) == ("paid", "paid", Decimal(110_000))

    @pytest.mark.parametrize(
        ("amount", "reason", "error"),
        [(110_001, "x", RefundTooHigh), (0, "x", AmountInvalid), ("0.5", "x", AmountInvalid), (10, " ", BadInput)],
    )
    def test_refused_and_nothing_left(self, invoice, cashier, amount, reason, error):
        payment = pay(invoice, 110_000)

        with pytest.raises(error):
            refund_payment(cashier, payment, amount=Decimal(amount), reason=reason)

        assert shown(invoice) == ("paid", "paid", Decimal(110_000))
        assert not Refund.objects.exists()
        assert Payment.objects.get().refunded_amount == 0

    def test_over_the_rest(self, invoice, cashier):
        payment = pay(invoice, 110_000)
        refund_payment(cashier, payment, amount=Decimal(60_000), reason="x")

        with pytest.raises(RefundTooHigh) as refusal:
            refund_payment(cashier, payment, amount=Decimal(50_001), reason="x")

        assert refusal.value.details["refundable"] == "50000.00"
        assert Refund.objects.count() == 1

    def test_what_never_came_is_not_given_back(self, invoice, cashier):
        with pytest.raises(NotRefundable):
            refund_payment(cashier, pending_payment(invoice), amount=Decimal(1), reason="x")

    def test_rights_and_tenancy(self, invoice, company):
        payment = pay(invoice, 110_000)
        with pytest.raises(NotAllowed):
            refund_payment(actor_for("advisor", company), payment, amount=Decimal(1), reason="x")
        with pytest.raises(NotFound):
            refund_payment(actor_for("owner"), payment, amount=Decimal(1), reason="x")

        assert not Refund.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_ledger_is_never_changed(invoice, change):
    pay(invoice, 110_000)
    rows = MoneyMovement.objects.all()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(amount=5) if change == "update" else rows._raw_delete("default")

    assert MoneyMovement.objects.get().amount == Decimal(110_000)
