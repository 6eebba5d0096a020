"""Asking the companies about payments that were left pending: a lost callback loses no money."""

import logging
from datetime import timedelta

from apps.core.clock import now
from apps.engines.payments.errors import ProviderUnavailable
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.providers import GATEWAYS, ProviderMessage, ProviderState
from apps.engines.payments.services.receive_webhook import apply_event, apply_stored_events
from apps.engines.payments.services.settle import close_pending
from apps.engines.payments.services.withdraw import is_overtaken, withdraw

logger = logging.getLogger(__name__)
QUIET_MINUTES = 2
GIVE_UP_DAYS = 2
MOST_AT_ONCE = 200


def query_pending_payments() -> int:
    """Asks about online payments left pending, each at most every two minutes; says how many were asked about.

    Messages that a crash left unapplied are applied first. Links over more than is due by now are taken back. What the company knows nothing of two days after its end
    is given up; money that comes later still is booked, by its callback.
    """
    for provider in GATEWAYS:
        apply_stored_events(provider)
    moment = now()
    waiting = Payment.objects.filter(
        updated_at__lt=moment - timedelta(minutes=QUIET_MINUTES),
        state=Payment.State.PENDING,
        method=Payment.Method.ONLINE,
    )
    asked = 0
    for payment in waiting.order_by("updated_at")[:MOST_AT_ONCE]:
        asked += 1
        Payment.objects.filter(pk=payment.pk).update(updated_at=now())
        _ask(payment)
    return asked


def _ask(payment: Payment) -> None:
    if payment.checkout_url and is_overtaken(payment) and withdraw(payment):
        return
    try:
        query_payment(payment)
    except ProviderUnavailable as error:
        logger.warning("payment %s: %s does not answer (%s)", payment.number, payment.provider, error.details)
        if payment.expires_at is not None and payment.expires_at < now() - timedelta(days=GIVE_UP_DAYS):
            close_pending(payment, Payment.State.EXPIRED)


def query_payment(payment: Payment) -> Payment:
    """Asks the company and settles what it says. Must not be called inside a transaction. Raises ProviderUnavailable."""
    state = GATEWAYS[payment.provider]().query(payment)
    if state.state == Payment.State.COMPLETED and state.amount_paid > 0:
        _settle_as_paid(payment, state)
    elif state.state != Payment.State.PENDING:
        close_pending(payment, state.state)
    payment.refresh_from_db()
    return payment


def _settle_as_paid(payment: Payment, state: ProviderState) -> None:
    """Goes through the same inbox as a callback, so that both together count once."""
    message = ProviderMessage(
        reference=state.reference,
        order_reference=payment.provider_reference,
        amount=state.amount_paid,
        currency=payment.currency,
        is_success=True,
    )
    event, _is_new = ProviderEvent.objects.get_or_create(
        provider=payment.provider,
        reference=f"{payment.provider_reference}:{state.reference}"[:120],
        defaults={"amount": state.amount_paid, "raw_body": "", "note": "asked"},
    )
    apply_event(event, message)
