"""Proof over the whole ledger: payments, refunds and what payables show are one and the same money."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from apps.core.money import ZERO
from apps.engines.payments.models import MoneyMovement, Payment


@dataclass(frozen=True, slots=True)
class MoneyFault:
    """One place where the sums differ."""

    kind: str
    label: str
    expected: Decimal
    found: Decimal


def verify_money(organization_id: UUID | None = None) -> list[MoneyFault]:
    """Every completed payment has its one receipt, every refund its line, no other payment has any. Empty when sound."""
    payments = (
        Payment.objects.all() if organization_id is None else Payment.objects.filter(organization_id=organization_id)
    )
    receipts = Sum("movements__amount", filter=Q(movements__kind=MoneyMovement.Kind.RECEIPT))
    refunds = Sum("movements__amount", filter=Q(movements__kind=MoneyMovement.Kind.REFUND))
    rows = payments.annotate(received=Coalesce(receipts, ZERO), given_back=Coalesce(refunds, ZERO))
    is_completed = Q(state=Payment.State.COMPLETED)
    wrong = rows.filter(
        (is_completed & (~Q(received=F("amount")) | ~Q(given_back=-F("refunded_amount"))))
        | (~is_completed & (~Q(received=ZERO) | ~Q(given_back=ZERO)))
    )
    return [
        MoneyFault(
            "payment",
            payment.number,
            payment.amount - payment.refunded_amount if payment.state == Payment.State.COMPLETED else ZERO,
            payment.received + payment.given_back,
        )
        for payment in wrong
    ]
