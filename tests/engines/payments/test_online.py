"""Starting online payments and asking about those left pending."""

import json
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
import respx

from apps.core.actor import visitor_actor
from apps.core.clock import now
from apps.core.errors import NotAllowed, NotFound
from apps.engines.billing.models import Invoice
from apps.engines.payments.errors import NothingDue, ProviderUnavailable, ProviderUnknown
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent
from apps.engines.payments.providers.payos import data_text, sign
from apps.engines.payments.services import (
    query_payment,
    query_pending_payments,
    receive_webhook,
    start_online_payment,
    verify_money,
)
from apps.engines.payments.services.start_online import START_RIGHT
from tests.factories.actors import actor_for
from tests.factories.billing import make_draft, make_invoice
from tests.factories.payments import KEY, pay, pending_payment, webhook_body

BASE = "https://payos.test"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _account(settings):
    settings.PAYOS_BASE_URL = BASE
    settings.PAYOS_CLIENT_ID, settings.PAYOS_API_KEY, settings.PAYOS_CHECKSUM_KEY = "client", "secret", KEY


@pytest.fixture
def payos():
    with respx.mock(base_url=BASE, assert_all_called=False) as mock:
        yield mock


@pytest.fixture
def invoice():
    return make_invoice()


def answer(**data) -> httpx.Response:
    return httpx.Response(200, json={"code": "00", "desc": "ok", "data": data, "signature": sign(data_text(data), KEY)})


def created(number: int = 1) -> httpx.Response:
    return answer(checkoutUrl=f"{BASE}/web/{number}", qrCode="0002", paymentLinkId=f"link-{number}")


def state_answer(status: str, amount: int = 0, reference: str = "FT1") -> httpx.Response:
    transactions = [{"reference": reference, "amount": amount}] if amount else []
    return answer(status=status, amountPaid=amount, transactions=transactions)


def start(invoice, actor=None, provider="payos") -> Payment:
    actor = actor or visitor_actor(invoice.organization_id, frozenset({START_RIGHT}))
    return start_online_payment(
        actor,
        payable_type="invoice",
        payable_id=invoice.pk,
        provider=provider,
        return_url="http://r",
        cancel_url="http://c",
    )


class TestStarting:
    def test_the_page_of_the_company(self, invoice, payos):
        route = payos.post("/v2/payment-requests").mock(return_value=created())

        payment = start(invoice)

        assert (payment.checkout_url, payment.qr_text, payment.state) == (f"{BASE}/web/1", "0002", "pending")
        assert payment.amount == Decimal(110_000)
        sent = json.loads(route.calls.last.request.content)
        assert sent["orderCode"] == int(payment.provider_reference) < 2**53
        assert sent["description"] == invoice.number.replace("-", "")

    def test_a_fresh_one_is_used_again(self, invoice, payos):
        route = payos.post("/v2/payment-requests").mock(return_value=created())

        assert start(invoice).pk == start(invoice).pk
        assert route.call_count == 1

    def test_another_amount_or_a_dying_one_is_not(self, invoice, payos):
        payos.post("/v2/payment-requests").mock(side_effect=[created(1), created(2), created(3)])
        first = start(invoice)
        pay(invoice, 10_000)
        second = start(invoice)
        Payment.objects.filter(pk=second.pk).update(expires_at=now() + timedelta(seconds=60))

        third = start(invoice)

        assert len({first.pk, second.pk, third.pk}) == 3
        assert (second.amount, third.amount) == (Decimal(100_000), Decimal(100_000))

    def test_no_answer_leaves_it_pending_and_a_new_try_is_a_new_one(self, invoice, payos):
        payos.post("/v2/payment-requests").mock(side_effect=[httpx.ReadTimeout, created(2)])
        with pytest.raises(ProviderUnavailable):
            start(invoice)
        assert Payment.objects.get().state == "pending"

        second = start(invoice)

        assert second.checkout_url == f"{BASE}/web/2"
        assert Payment.objects.count() == 2

    def test_nothing_is_started_for_what_is_not_due(self, invoice, payos):
        pay(invoice, 110_000)
        for payable in (invoice, make_draft(invoice.organization, customer=invoice.customer)):
            with pytest.raises(NothingDue):
                start(payable)

        assert not Payment.objects.filter(method="online").exists()

    def test_rights_and_tenancy(self, invoice):
        stranger = visitor_actor(invoice.organization_id, frozenset())
        with pytest.raises(NotAllowed):
            start(invoice, stranger)
        with pytest.raises(NotFound):
            start(invoice, actor_for("owner"))
        with pytest.raises(ProviderUnknown):
            start(invoice, provider="nobody")

        assert not Payment.objects.exists()


class TestAsking:
    def ask(self, payos, payment, *answers) -> int:
        payos.get(f"/v2/payment-requests/{payment.provider_reference}").mock(side_effect=list(answers))
        Payment.objects.update(updated_at=now() - timedelta(minutes=3))
        return query_pending_payments()

    def test_a_lost_callback_loses_no_money(self, invoice, payos):
        payment = pending_payment(invoice)

        assert self.ask(payos, payment, state_answer("PAID", 110_000)) == 1

        assert Invoice.objects.get().state == "paid"
        assert verify_money() == []

    def test_callback_and_question_count_once(self, invoice, payos):
        payment = pending_payment(invoice)
        self.ask(payos, payment, state_answer("PAID", 110_000))

        receive_webhook("payos", webhook_body(9001, 110_000))

        assert MoneyMovement.objects.count() == 1
        assert ProviderEvent.objects.get().outcome == "applied"

    def test_question_after_callback_counts_once(self, invoice, payos):
        payment = pending_payment(invoice)
        payos.get("/v2/payment-requests/9001").mock(return_value=state_answer("PAID", 110_000))
        receive_webhook("payos", webhook_body(9001, 110_000))

        query_payment(payment)

        assert MoneyMovement.objects.count() == 1

    def test_an_answer_without_bank_number_then_the_callback(self, invoice, payos):
        payment = pending_payment(invoice)
        self.ask(payos, payment, answer(status="PAID", amountPaid=110_000, transactions=[]))

        receive_webhook("payos", webhook_body(9001, 110_000))

        assert MoneyMovement.objects.count() == 1
        outcomes = ProviderEvent.objects.order_by("pk").values_list("outcome", "note")
        assert list(outcomes) == [("applied", ""), ("ignored", "counted already")]

    @pytest.mark.parametrize(
        ("status", "state"), [("CANCELLED", "cancelled"), ("EXPIRED", "expired"), ("FAILED", "failed")]
    )
    def test_ended_without_money(self, invoice, payos, status, state):
        payment = pending_payment(invoice)

        self.ask(payos, payment, state_answer(status))

        assert Payment.objects.get().state == state
        assert not MoneyMovement.objects.exists()

    def test_more_than_asked_for_waits_for_a_person(self, invoice, payos):
        payment = pending_payment(invoice)

        self.ask(payos, payment, state_answer("PAID", 150_000))

        assert Payment.objects.get().state == "pending"
        assert ProviderEvent.objects.get().outcome == "suspense"

    def test_timeout_on_starting_then_the_question_finds_it_paid(self, invoice, payos):
        payos.post("/v2/payment-requests").mock(side_effect=httpx.ReadTimeout)
        with pytest.raises(ProviderUnavailable):
            start(invoice)

        self.ask(payos, Payment.objects.get(), state_answer("PAID", 110_000))

        assert Invoice.objects.get().state == "paid"

    def test_each_is_asked_about_every_two_minutes_at_most(self, invoice, payos):
        payment = pending_payment(invoice)
        route = payos.get("/v2/payment-requests/9001")

        assert query_pending_payments() == 0
        assert self.ask(payos, payment, state_answer("PENDING"), state_answer("PENDING")) == 1
        assert query_pending_payments() == 0
        assert route.call_count == 1

    def test_what_the_company_does_not_know_is_given_up(self, invoice, payos):
        unknown = httpx.Response(200, json={"code": "101", "desc": "not found"})
        payment = pending_payment(invoice, expires_at=now() - timedelta(days=1))
        self.ask(payos, payment, unknown)
        assert Payment.objects.get().state == "pending"
        Payment.objects.update(expires_at=now() - timedelta(days=3))

        self.ask(payos, payment, unknown)

        assert Payment.objects.get().state == "expired"
        receive_webhook("payos", webhook_body(9001, 110_000))
        assert Payment.objects.get().state == "completed"
