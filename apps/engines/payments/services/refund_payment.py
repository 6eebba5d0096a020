"""Giving money back."""

from decimal import Decimal

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import get_visible, lock_row
from apps.core.errors import BadInput
from apps.core.money import format_money, quantize
from apps.engines.payments.errors import AmountInvalid, NotRefundable, RefundTooHigh
from apps.engines.payments.events import PaymentRefunded
from apps.engines.payments.models import MoneyMovement, Payment, Refund
from apps.engines.payments.registry import get_adapter
from apps.platform.audit.services import record
from apps.platform.events.services import publish


@transaction.atomic
def refund_payment(
    actor: Actor, payment: Payment, *, amount: Decimal, reason: str, version: int | None = None
) -> Refund:
    """Pays back a part or all, by hand (cash or bank transfer). Never more than was received.

    Raises NotRefundable, RefundTooHigh, AmountInvalid, BadInput without a reason, StaleWrite.
    """
    actor.require("payment.refund")
    if not reason.strip():
        raise BadInput(field="reason")
    get_visible(Payment.objects.all(), actor, payment.pk)
    get_adapter(payment.payable_type).lock(payment.payable_id)
    payment = lock_row(payment)
    payment.check_version(version)
    if payment.state != Payment.State.COMPLETED:
        raise NotRefundable
    if amount <= 0 or amount != quantize(amount, payment.currency):
        raise AmountInvalid(field="amount")
    if payment.refunded_amount + amount > payment.amount:
        raise RefundTooHigh(field="amount", details={"refundable": str(payment.amount - payment.refunded_amount)})
    refund = _book(actor, payment, amount, reason.strip()[:200])
    record(
        actor,
        "payment.refunded",
        payment,
        data={"amount": format_money(amount, payment.currency, "vi"), "reason": refund.reason},
        is_public=True,
    )
    publish(
        actor,
        PaymentRefunded(
            subject_id=payment.payable_id,
            organization_id=payment.organization_id,
            branch_id=payment.branch_id,
            payment_id=payment.pk,
            payable_type=payment.payable_type,
            amount=str(amount),
        ),
    )
    return refund


def _book(actor: Actor, payment: Payment, amount: Decimal, reason: str) -> Refund:
    payment.refunded_amount += amount
    payment.save_changes("refunded_amount")
    method = Payment.Method.BANK_TRANSFER if payment.method == Payment.Method.ONLINE else payment.method
    refund = Refund.objects.create(
        organization_id=payment.organization_id,
        payment=payment,
        amount=amount,
        reason=reason,
        method=method,
        made_by_id=actor.user_id,
    )
    MoneyMovement.objects.create(
        organization_id=payment.organization_id,
        branch_id=payment.branch_id,
        payment=payment,
        refund=refund,
        kind=MoneyMovement.Kind.REFUND,
        amount=-amount,
        currency=payment.currency,
        method=method,
        payable_type=payment.payable_type,
        payable_id=payment.payable_id,
        occurred_at=now(),
        made_by_id=actor.user_id,
    )
    return refund
