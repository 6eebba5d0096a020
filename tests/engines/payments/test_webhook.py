"""Callbacks of the payment company: each counts once, and what cannot be explained waits for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.engines.billing.models import Invoice
from apps.engines.payments.errors import SignatureWrong
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent
from apps.engines.payments.services import receive_webhook, verify_money
from apps.engines.payments.services.receive_webhook import FLOOD_LIMIT, apply_stored_events
from tests.factories.billing import make_invoice
from tests.factories.payments import KEY, pay, pending_payment, webhook_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _account(settings):
    settings.PAYOS_CLIENT_ID, settings.PAYOS_API_KEY, settings.PAYOS_CHECKSUM_KEY = "client", "secret", KEY


@pytest.fixture
def invoice():
    return make_invoice()


@pytest.fixture
def payment(invoice):
    return pending_payment(invoice)


def outcomes() -> list[tuple[str, str]]:
    return list(ProviderEvent.objects.order_by("pk").values_list("outcome", "note"))


def state_of(payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def test_good(invoice, payment):
    answer = receive_webhook("payos", webhook_body(9001, 110_000))

    row = Payment.objects.get()
    assert (answer.status, answer.body) == (200, {"success": True})
    assert (row.state, row.transaction_reference) == ("completed", "FT1")
    assert Invoice.objects.get().state == "paid"
    event = ProviderEvent.objects.get()
    assert (event.outcome, event.payment, event.organization) == ("applied", payment, invoice.organization)
    assert event.amount == Decimal(110_000)
    assert verify_money() == []


def test_doubled(payment):
    body = webhook_body(9001, 110_000)

    assert [receive_webhook("payos", body).status for _ in range(3)] == [200, 200, 200]

    assert MoneyMovement.objects.count() == ProviderEvent.objects.count() == 1
    assert outcomes() == [("applied", "")]


def test_wrong_signature_books_nothing_and_is_kept(payment):
    body = webhook_body(9001, 110_000, key="forged")

    for _ in range(2):
        with pytest.raises(SignatureWrong):
            receive_webhook("payos", body)

    assert state_of(payment) == "pending"
    assert not MoneyMovement.objects.exists()
    event = ProviderEvent.objects.get()
    assert (event.outcome, event.payment, event.raw_body) == ("refused", None, body.decode())


def test_a_flood_of_forged_messages_does_not_fill_the_inbox(payment):
    rows = [ProviderEvent(provider="payos", reference=f"refused:{n}", outcome="refused") for n in range(FLOOD_LIMIT)]
    ProviderEvent.objects.bulk_create(rows)

    with pytest.raises(SignatureWrong):
        receive_webhook("payos", b"\x00 rubbish")

    assert ProviderEvent.objects.count() == FLOOD_LIMIT


@pytest.mark.parametrize("amount", [100_000, 120_000])
def test_a_wrong_amount_waits_for_a_person(payment, amount):
    assert receive_webhook("payos", webhook_body(9001, amount)).status == 200

    assert outcomes() == [("suspense", f"amount differs: {amount} VND")]
    assert state_of(payment) == "pending"
    assert not MoneyMovement.objects.exists()
    assert ProviderEvent.objects.get().amount == amount


def test_another_currency_waits_for_a_person(payment):
    receive_webhook("payos", webhook_body(9001, 110_000, currency="USD"))

    assert outcomes() == [("suspense", "amount differs: 110000 USD")]
    assert state_of(payment) == "pending"


def test_an_unknown_order_is_answered_and_kept():
    assert receive_webhook("payos", webhook_body(555, 1000)).status == 200

    assert outcomes() == [("suspense", "unknown reference")]


def test_the_probe_is_answered_and_leaves_nothing():
    assert receive_webhook("payos", webhook_body(123, 3000)).status == 200

    assert not ProviderEvent.objects.exists()


def test_a_transfer_that_failed_is_no_money(payment):
    receive_webhook("payos", webhook_body(9001, 110_000, code="01"))

    assert outcomes() == [("ignored", "not a success")]
    assert state_of(payment) == "pending"


def test_failed_then_paid(payment):
    receive_webhook("payos", webhook_body(9001, 110_000, code="01", reference="FT0"))
    receive_webhook("payos", webhook_body(9001, 110_000))

    assert state_of(payment) == "completed"


@pytest.mark.parametrize("state", ["expired", "cancelled", "failed"])
def test_late_money_is_money(invoice, state):
    payment = pending_payment(invoice, state=state)

    receive_webhook("payos", webhook_body(9001, 110_000))

    assert state_of(payment) == "completed"
    assert Invoice.objects.get().state == "paid"
    assert verify_money() == []


def test_a_second_transfer_waits_for_a_person(payment):
    receive_webhook("payos", webhook_body(9001, 110_000))
    receive_webhook("payos", webhook_body(9001, 110_000, reference="FT2"))

    assert outcomes() == [("applied", ""), ("suspense", "paid a second time")]
    assert MoneyMovement.objects.count() == 1


def test_paid_at_the_counter_meanwhile(invoice, payment):
    pay(invoice, 110_000)

    receive_webhook("payos", webhook_body(9001, 110_000))

    assert outcomes() == [("suspense", "more than is due")]
    assert Invoice.objects.get().paid_amount == Decimal(110_000)
    assert state_of(payment) == "pending"
    assert verify_money() == []


def test_before_the_answer_to_our_request_was_stored(invoice):
    payment = pending_payment(invoice, checkout_url="", qr_text="")

    receive_webhook("payos", webhook_body(9001, 110_000))

    assert state_of(payment) == "completed"


def test_after_a_crash_between_storing_and_booking(payment):
    body = webhook_body(9001, 110_000)
    ProviderEvent.objects.create(provider="payos", reference="9001:FT1", amount=110_000, raw_body=body.decode())
    assert apply_stored_events("payos") == 0
    ProviderEvent.objects.update(created_at=now() - timedelta(minutes=2))

    assert (apply_stored_events("payos"), apply_stored_events("payos")) == (1, 0)

    assert state_of(payment) == "completed"
    receive_webhook("payos", body)
    assert MoneyMovement.objects.count() == 1


def test_the_company_sends_again_after_a_crash(payment):
    body = webhook_body(9001, 110_000)
    ProviderEvent.objects.create(provider="payos", reference="9001:FT1", amount=110_000, raw_body=body.decode())

    receive_webhook("payos", body)

    assert state_of(payment) == "completed"


def test_an_unknown_company():
    with pytest.raises(NotFound):
        receive_webhook("nobody", b"{}")
