"""Whatever happens, what invoices show is what the ledger says; a planted fault is found."""

import random
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.core.actor import system_actor
from apps.core.errors import BusinessError
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import MoneyMovement, Payment, Refund
from apps.engines.payments.selectors import money_received
from apps.engines.payments.services import refund_payment, verify_money
from tests.factories.billing import line, make_customer, make_invoice
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import pay, pending_payment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", range(6))
def test_random_money(start):
    chance = random.Random(start)
    company = OrganizationFactory()
    customer, actor = make_customer(company), system_actor(company.pk)
    invoices = []
    for _ in range(4):
        rows = [
            line(
                chance.randint(1, 900_000),
                quantity=Decimal(chance.randint(1, 40)) / 8,
                tax_rate=Decimal(chance.choice([0, 5, 8, 10])),
            )
            for _ in range(chance.randint(1, 5))
        ]
        invoices.append(make_invoice(company, *rows, customer=customer))
    for _ in range(60):
        invoice = chance.choice(invoices)
        payments = list(Payment.objects.filter(payable_id=invoice.pk))
        try:
            if payments and chance.random() < 0.4:
                payment = chance.choice(payments)
                amount = Decimal(chance.randint(0, int(payment.amount)))
                refund_payment(actor, payment, amount=amount, reason="x")
            else:
                pay(invoice, chance.randint(0, int(invoice.total)))
        except BusinessError:
            continue

    assert MoneyMovement.objects.exists()
    for invoice in Invoice.objects.all():
        assert invoice.paid_amount == money_received("invoice", invoice.pk)
        assert 0 <= invoice.paid_amount <= invoice.total
        assert (invoice.state == "paid") == (invoice.paid_amount == invoice.total)
    assert verify_money() == []
    assert verify_money(company.pk) == []


class TestPlantedFaults:
    @pytest.fixture
    def payment(self):
        payment = pay(make_invoice(), 60_000)
        refund_payment(system_actor(payment.organization_id), payment, amount=Decimal(10_000), reason="x")
        assert verify_money() == []
        return payment

    def kinds(self) -> list[str]:
        return sorted(fault.kind for fault in verify_money())

    def test_an_invoice_that_shows_something_else(self, payment):
        Invoice.objects.update(paid_amount=55_000)

        fault = verify_money()[0]

        assert (fault.kind, fault.expected, fault.found) == ("invoice", Decimal(50_000), Decimal(55_000))

    def test_a_payment_of_another_amount(self, payment):
        Payment.objects.update(amount=61_000)

        assert self.kinds() == ["payment"]

    def test_a_payment_that_forgot_its_refund(self, payment):
        Payment.objects.update(refunded_amount=0)

        assert self.kinds() == ["payment"]

    def test_a_refund_of_another_amount(self, payment):
        Refund.objects.update(amount=9_000)

        assert self.kinds() == ["refund"]

    def test_a_completed_payment_without_receipt(self, payment):
        pending_payment(Invoice.objects.get(), state="completed", completed_at=payment.completed_at)

        assert self.kinds() == ["payment"]

    def test_another_company_is_not_blamed(self, payment):
        Invoice.objects.update(paid_amount=0)

        assert verify_money(OrganizationFactory().pk) == []


def test_the_command():
    out = StringIO()
    pay(make_invoice(), 60_000)
    call_command("verify_money", stdout=out)
    Invoice.objects.update(paid_amount=1)

    with pytest.raises(CommandError, match="1 differences"):
        call_command("verify_money", stdout=out)

    text = out.getvalue()
    assert "All money adds up." in text
    assert "expected 60000.00, found 1.00" in text
