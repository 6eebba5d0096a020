"""At the same moment: numbers without gaps, one invoice per source, every đồng once."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import draft_invoice, finalise_invoice
from apps.engines.payments.errors import NothingDue, PaysTooMuch, RefundTooHigh
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent, Refund
from apps.engines.payments.services import receive_webhook, refund_payment, verify_money
from tests.factories.billing import line, make_customer, make_draft, make_invoice
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import KEY, pay, pending_payment, webhook_body
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _account(settings):
    settings.PAYOS_CLIENT_ID, settings.PAYOS_CHECKSUM_KEY = "client", KEY


def test_twenty_numbers_without_a_gap():
    company = OrganizationFactory()
    customer = make_customer(company)
    drafts = [make_draft(company, customer=customer) for _ in range(20)]
    actor = system_actor(company.pk)

    results = at_once([lambda draft=draft: finalise_invoice(actor, draft) for draft in drafts])

    assert [result for result in results if isinstance(result, Exception)] == []
    counters = sorted(int(number[-6:]) for number in Invoice.objects.values_list("number", flat=True))
    assert counters == list(range(1, 21))


def test_one_invoice_per_source():
    company = OrganizationFactory()
    customer, source = make_customer(company), uuid7()
    actor = system_actor(company.pk)

    def draft() -> Invoice:
        return draft_invoice(actor, customer=customer, lines=[line()], source_type="test.card", source_id=source)

    results = at_once([draft] * 8)

    assert {type(result) for result in results} == {Invoice}
    assert len({result.pk for result in results}) == 1
    invoice = Invoice.objects.get()
    assert (invoice.lines.count(), invoice.total) == (1, Decimal(110_000))


def test_two_cashiers_take_the_same_money_once():
    invoice = make_invoice()

    results = at_once([lambda: pay(invoice, 110_000)] * 6)

    assert sum(isinstance(result, Payment) for result in results) == 1
    assert sum(isinstance(result, NothingDue) for result in results) == 5
    assert Invoice.objects.get().paid_amount == Decimal(110_000)
    assert verify_money() == []


def test_parts_never_sum_to_more_than_is_due():
    invoice = make_invoice()

    results = at_once([lambda: pay(invoice, 40_000)] * 6)

    assert sum(isinstance(result, Payment) for result in results) == 2
    assert sum(isinstance(result, PaysTooMuch) for result in results) == 4
    assert MoneyMovement.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal(80_000)


def test_refunds_never_sum_to_more_than_was_paid():
    invoice = make_invoice()
    payment = pay(invoice, 110_000)
    actor = system_actor(invoice.organization_id)

    results = at_once([lambda: refund_payment(actor, payment, amount=Decimal(60_000), reason="x")] * 5)

    assert sum(isinstance(result, Refund) for result in results) == 1
    assert sum(isinstance(result, RefundTooHigh) for result in results) == 4
    assert verify_money() == []


def test_a_callback_delivered_many_times_at_once_counts_once():
    pending_payment(make_invoice())
    body = webhook_body(9001, 110_000)

    results = at_once([lambda: receive_webhook("payos", body)] * 8)

    assert [result.status for result in results] == [200] * 8
    assert MoneyMovement.objects.count() == ProviderEvent.objects.count() == 1
    assert Invoice.objects.get().state == "paid"


def test_the_counter_and_the_callback_at_once():
    invoice = make_invoice()
    pending_payment(invoice)
    body = webhook_body(9001, 110_000)

    at_once([lambda: pay(invoice, 110_000), lambda: receive_webhook("payos", body)])

    assert Invoice.objects.get().paid_amount == Decimal(110_000)
    assert MoneyMovement.objects.count() == 1
    assert verify_money() == []
