"""Taking back links that nobody should pay any more, so that one invoice is not paid at the counter and by phone.

The company is called outside any transaction. Whoever pays in between is not lost: the company then refuses to cancel,
and their callback (or the sweep) books the money.
"""

import logging
from decimal import Decimal
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from apps.core.errors import NotFound
from apps.engines.payments.errors import ProviderUnavailable
from apps.engines.payments.models import Payment
from apps.engines.payments.providers import GATEWAYS
from apps.engines.payments.registry import get_adapter
from apps.engines.payments.services.settle import close_pending

logger = logging.getLogger(__name__)


def withdraw_overtaken(payable_type: str, payable_id: UUID) -> int:
    """Cancels the pending links over more than is due; says how many. Must not be called inside a transaction."""
    rows = _pending().filter(payable_type=payable_type, payable_id=payable_id).exclude(checkout_url="")
    return sum(withdraw(payment) for payment in rows if is_overtaken(payment))


def is_overtaken(payment: Payment) -> bool:
    """Whether less is due by now than the link asks for: somebody paid elsewhere, or the document fell."""
    try:
        due = get_adapter(payment.payable_type).describe(payment.payable_id).amount_due
    except NotFound:
        due = Decimal(0)
    return due < payment.amount


def withdraw(payment: Payment) -> bool:
    """Cancels one link with its company; false when the company does not agree (it may just have been paid)."""
    try:
        state = GATEWAYS[payment.provider]().cancel(payment)
    except ProviderUnavailable as error:
        logger.warning("payment %s: %s did not cancel (%s)", payment.number, payment.provider, error.details)
        return False
    if state.state != Payment.State.CANCELLED:
        return False
    close_pending(payment, Payment.State.CANCELLED)
    return True


def wake_withdrawal(payable_type: str, payable_id: UUID) -> None:
    """Asks a worker after commit to look; when the queue cannot be reached the sweep looks a little later."""
    if _pending().filter(payable_type=payable_type, payable_id=payable_id).exists():
        transaction.on_commit(lambda: _send(payable_type, payable_id))


def _send(payable_type: str, payable_id: UUID) -> None:
    try:
        current_app.send_task("payments.withdraw_overtaken", args=[payable_type, str(payable_id)], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("withdrawal not woken: %s", error)


def _pending() -> "QuerySet[Payment]":
    return Payment.objects.filter(state=Payment.State.PENDING, method=Payment.Method.ONLINE)
