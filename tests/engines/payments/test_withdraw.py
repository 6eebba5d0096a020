"""A link that nobody should pay any more is taken back."""

import json
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
import respx

from apps.core.clock import now
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent
from apps.engines.payments.providers.payos import data_text, sign
from apps.engines.payments.services import (
    query_pending_payments,
    receive_webhook,
    verify_money,
    withdraw_overtaken,
)
from tests.factories.billing import make_invoice
from tests.factories.payments import KEY, pay, pending_payment, webhook_body

BASE = "https://payos.test"
PATH = "/v2/payment-requests/9001"
pytestmark = pytest.mark.django_db
S = Payment.State


@pytest.fixture(autouse=True)
def _account(settings):
    settings.PAYOS_BASE_URL = BASE
    settings.PAYOS_CLIENT_ID, settings.PAYOS_API_KEY, settings.PAYOS_CHECKSUM_KEY = "client", "secret", KEY


@pytest.fixture
def payos():
    with respx.mock(base_url=BASE, assert_all_called=False) as mock:
        yield mock


@pytest.fixture
def invoice() -> Invoice:
    return make_invoice()


@pytest.fixture
def link(invoice) -> Payment:
    return pending_payment(invoice, checkout_url=f"{BASE}/web/1")


def answer(**data) -> httpx.Response:
    return httpx.Response(200, json={"code": "00", "desc": "ok", "data": data, "signature": sign(data_text(data), KEY)})


def state_of(link: Payment) -> str:
    link.refresh_from_db()
    return str(link.state)


def test_it_is_cancelled_when_the_counter_was_paid(invoice, link, payos):
    route = payos.post(f"{PATH}/cancel").mock(return_value=answer(status="CANCELLED", amountPaid=0, transactions=[]))
    pay(invoice, 110_000)

    assert withdraw_overtaken("invoice", invoice.pk) == 1

    assert state_of(link) == S.CANCELLED
    assert json.loads(route.calls.last.request.content) == {"cancellationReason": "Paid otherwise"}
    assert withdraw_overtaken("invoice", invoice.pk) == 0
    assert (route.call_count, verify_money()) == (1, [])


def test_a_part_paid_at_the_counter_overtakes_it_too(invoice, link, payos):
    payos.post(f"{PATH}/cancel").mock(return_value=answer(status="CANCELLED", amountPaid=0, transactions=[]))
    pay(invoice, 10_000)

    assert withdraw_overtaken("invoice", invoice.pk) == 1
    assert state_of(link) == S.CANCELLED


def test_a_link_over_what_is_due_stays(invoice, link, payos):
    route = payos.post(f"{PATH}/cancel")

    assert withdraw_overtaken("invoice", invoice.pk) == 0
    assert (state_of(link), route.call_count) == (S.PENDING, 0)


@pytest.mark.parametrize(
    "told",
    [
        httpx.Response(200, json={"code": "231", "desc": "paid already"}),
        answer(status="PAID", amountPaid=110_000, transactions=[{"reference": "FT1", "amount": 110_000}]),
    ],
)
def test_money_that_came_in_between_waits_for_a_person(invoice, link, payos, told):
    payos.post(f"{PATH}/cancel").mock(return_value=told)
    pay(invoice, 10_000)

    assert withdraw_overtaken("invoice", invoice.pk) == 0
    assert state_of(link) == S.PENDING
    receive_webhook("payos", webhook_body(9001, 110_000))

    event = ProviderEvent.objects.get()
    assert (event.outcome, event.note, event.amount) == ("suspense", "more than is due", Decimal(110_000))
    assert list(MoneyMovement.objects.values_list("amount", flat=True)) == [Decimal(10_000)]
    assert verify_money() == []


def test_the_sweep_takes_back_what_no_worker_was_woken_for(invoice, link, payos):
    cancel = payos.post(f"{PATH}/cancel").mock(return_value=answer(status="CANCELLED", amountPaid=0, transactions=[]))
    ask = payos.get(PATH)
    pay(invoice, 110_000)
    Payment.objects.filter(pk=link.pk).update(updated_at=now() - timedelta(minutes=3))

    query_pending_payments()

    assert (state_of(link), cancel.call_count, ask.call_count) == (S.CANCELLED, 1, 0)
