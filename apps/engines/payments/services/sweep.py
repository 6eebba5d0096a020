"""Asking the companies about payments that were left pending: a lost callback loses no money."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.engines.payments.errors import ProviderUnavailable
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.providers import GATEWAYS, ProviderMessage, ProviderState
from apps.engines.payments.registry import get_adapter
from apps.engines.payments.services.complete import close_payment
from apps.engines.payments.services.receive_webhook import apply_event

logger = logging.getLogger(__name__)
QUIET_MINUTES = 2
GIVE_UP_DAYS = 2


def query_pending_payments() -> int:
    """Asks about every online payment that has been pending for two minutes and not longer than two days; how many."""
    moment = now()
    waiting = Payment.objects.filter(
        Q(updated_at__lt=moment - timedelta(minutes=QUIET_MINUTES)),
        state=Payment.State.PENDING,
        method=Payment.Method.ONLINE,
        created_at__gt=moment - timedelta(days=GIVE_UP_DAYS),
    )
    asked = 0
    for payment in waiting.order_by("pk")[:200]:
        asked += 1
        try:
            query_payment(payment)
        except ProviderUnavailable as error:
            logger.warning("payment %s: %s does not answer (%s)", payment.number, payment.provider, error.details)
    return asked


def query_payment(payment: Payment) -> Payment:
    """Asks the company and settles what it says. Must not be called inside a transaction. Raises ProviderUnavailable."""
    state = GATEWAYS[payment.provider]().query(payment)
    if state.state == Payment.State.COMPLETED and state.amount_paid > 0:
        _settle_as_paid(payment, state)
    elif state.state != Payment.State.PENDING:
        _close(payment, state.state)
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


@transaction.atomic
def _close(payment: Payment, state: str) -> None:
    get_adapter(payment.payable_type).lock(payment.payable_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state == Payment.State.PENDING:
        close_payment(system_actor(payment.organization_id, name=payment.provider), payment, state)
