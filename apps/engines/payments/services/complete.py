"""A payment becomes money: one ledger line, and the payable moves in the same transaction."""

from datetime import datetime

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.money import format_money
from apps.engines.payments.events import PaymentClosed, PaymentCompleted
from apps.engines.payments.models import MoneyMovement, Payment
from apps.engines.payments.states import CLOSING_STEPS, PAYMENT
from apps.platform.audit.services import record
from apps.platform.events.services import publish


def complete_payment(
    actor: Actor, payment: Payment, *, transaction_reference: str = "", at: datetime | None = None
) -> Payment:
    """Books the locked, pending payment as received. The caller has checked amount, currency and payable.

    A payment that was given up (expired, failed, cancelled) and is paid after all is money too, and is booked.
    """
    PAYMENT.move(payment, "complete")
    payment.completed_at = at or now()
    payment.transaction_reference = transaction_reference[:64] or payment.transaction_reference
    payment.save_changes("state", "completed_at", "transaction_reference")
    MoneyMovement.objects.create(
        organization_id=payment.organization_id,
        branch_id=payment.branch_id,
        payment=payment,
        kind=MoneyMovement.Kind.RECEIPT,
        amount=payment.amount,
        currency=payment.currency,
        method=payment.method,
        payable_type=payment.payable_type,
        payable_id=payment.payable_id,
        occurred_at=payment.completed_at,
        made_by_id=actor.user_id,
    )
    record(
        actor,
        "payment.completed",
        payment,
        data={"amount": format_money(payment.amount, payment.currency, "vi"), "method": payment.method},
        is_public=True,
    )
    publish(
        actor,
        PaymentCompleted(
            subject_id=payment.payable_id,
            organization_id=payment.organization_id,
            branch_id=payment.branch_id,
            payment_id=payment.pk,
            payable_type=payment.payable_type,
            amount=str(payment.amount),
        ),
    )
    return payment


def close_payment(actor: Actor, payment: Payment, state: str) -> Payment:
    """The locked, pending payment ended without money: failed, expired or cancelled."""
    PAYMENT.move(payment, CLOSING_STEPS[Payment.State(state)])
    payment.save_changes("state")
    record(actor, "payment.closed", payment, data={"state": state})
    publish(
        actor,
        PaymentClosed(
            subject_id=payment.payable_id,
            organization_id=payment.organization_id,
            branch_id=payment.branch_id,
            payment_id=payment.pk,
            payable_type=payment.payable_type,
            state=state,
        ),
    )
    return payment
