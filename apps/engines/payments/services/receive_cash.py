"""Money over the counter: cash, card on the terminal, a bank transfer seen by a person."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotFound
from apps.core.money import quantize
from apps.core.text import clean_text
from apps.engines.payments.errors import AmountInvalid, NothingDue, PaysTooMuch, TenderedTooLittle
from apps.engines.payments.models import Payment
from apps.engines.payments.registry import PayableInfo, get_adapter
from apps.engines.payments.services.complete import complete_payment
from apps.platform.system.numbers import next_daily_number

COUNTER_METHODS = (Payment.Method.CASH, Payment.Method.CARD, Payment.Method.BANK_TRANSFER)


@transaction.atomic
def receive_cash(
    actor: Actor,
    *,
    payable_type: str,
    payable_id: UUID,
    amount: Decimal,
    method: str = Payment.Method.CASH,
    tendered: Decimal | None = None,
    note: str = "",
    transaction_reference: str = "",
) -> Payment:
    """Receives `amount` for the payable; `tendered` is what the payer gave, the rest is change.

    Raises NotFound, NothingDue for a paid payable, PaysTooMuch, AmountInvalid, TenderedTooLittle.
    """
    actor.require("payment.receive")
    if method not in COUNTER_METHODS:
        raise BadInput(field="method")
    adapter = get_adapter(payable_type)
    if not adapter.is_visible_to(actor, payable_id):
        raise NotFound
    payable = adapter.lock(payable_id)
    check_amount(payable, amount)
    if tendered is not None and tendered < amount:
        raise TenderedTooLittle(field="tendered")
    payment = Payment.objects.create(
        **identity_of(payable),
        amount=amount,
        method=method,
        note=clean_text(note)[:200],
        received_by_id=actor.user_id,
    )
    return complete_payment(actor, payment, transaction_reference=transaction_reference)


def check_amount(payable: PayableInfo, amount: Decimal) -> None:
    """Raises NothingDue, AmountInvalid, PaysTooMuch."""
    if payable.amount_due <= 0:
        raise NothingDue
    if amount <= 0 or amount != quantize(amount, payable.currency):
        raise AmountInvalid(field="amount")
    if amount > payable.amount_due:
        raise PaysTooMuch(field="amount", details={"due": str(payable.amount_due)})


def identity_of(payable: PayableInfo) -> dict[str, Any]:
    """The fields of a payment that follow from what it pays, with the next number."""
    return {
        "organization_id": payable.organization_id,
        "branch_id": payable.branch_id,
        "number": next_daily_number(payable.organization_id, "PT"),
        "payable_type": payable.type,
        "payable_id": payable.id,
        "payable_label": payable.label,
        "payer_name": payable.payer_name[:160],
        "currency": payable.currency,
    }
