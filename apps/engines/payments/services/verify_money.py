"""Proof over the whole ledger: payments, refunds and what payables show are one and the same money."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.core.money import ZERO
from apps.engines.payments.models import MoneyMovement, Payment, Refund
from apps.engines.payments.registry import PAYABLES

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class MoneyFault:
    """One place where the sums differ."""

    kind: str
    label: str
    expected: Decimal
    found: Decimal


def verify_money(organization_id: UUID | None = None) -> list[MoneyFault]:
    """What does not add up; empty when all money is sound.

    Every completed payment has its one receipt, every refund its line, no other payment has any, and every payable
    shows as paid what the ledger says of it.
    """
    return [*_wrong_payments(organization_id), *_wrong_refunds(organization_id), *_wrong_payables(organization_id)]


def _wrong_payments(organization_id: UUID | None) -> Iterator[MoneyFault]:
    receipts = Sum("movements__amount", filter=Q(movements__kind=MoneyMovement.Kind.RECEIPT))
    refunds = Sum("movements__amount", filter=Q(movements__kind=MoneyMovement.Kind.REFUND))
    rows = _of(Payment.objects.all(), organization_id).annotate(
        received=Coalesce(receipts, ZERO), given_back=Coalesce(refunds, ZERO)
    )
    is_completed = Q(state=Payment.State.COMPLETED)
    wrong = rows.filter(
        (is_completed & (~Q(received=F("amount")) | ~Q(given_back=-F("refunded_amount"))))
        | (~is_completed & (~Q(received=ZERO) | ~Q(given_back=ZERO)))
    )
    for payment in wrong:
        is_money = payment.state == Payment.State.COMPLETED
        expected = payment.amount - payment.refunded_amount if is_money else ZERO
        yield MoneyFault("payment", payment.number, expected, payment.received + payment.given_back)


def _wrong_refunds(organization_id: UUID | None) -> Iterator[MoneyFault]:
    rows = _of(Refund.objects.all(), organization_id).annotate(booked=Coalesce(F("movement__amount"), ZERO))
    for refund in rows.exclude(booked=-F("amount")).select_related("payment"):
        yield MoneyFault("refund", refund.payment.number, -refund.amount, refund.booked)


def _wrong_payables(organization_id: UUID | None) -> Iterator[MoneyFault]:
    sums = _of(MoneyMovement.objects.all(), organization_id).order_by().values_list("payable_type", "payable_id")
    ledger = {(kind, key): amount for kind, key, amount in sums.annotate(sum=Sum("amount"))}
    for kind, adapter in PAYABLES.items():
        for key, label, shown in adapter.shown_as_paid(organization_id):
            booked = ledger.pop((kind, key), ZERO)
            if booked != shown:
                yield MoneyFault(kind, label, booked, shown)
    for (kind, key), amount in ledger.items():
        yield MoneyFault(kind, str(key), ZERO, amount)


def _of(rows: "QuerySet[M]", organization_id: UUID | None) -> "QuerySet[M]":
    return rows if organization_id is None else rows.filter(organization_id=organization_id)
