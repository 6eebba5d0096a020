"""Reads of payments."""

from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from apps.core.actor import Actor
from apps.core.money import ZERO
from apps.engines.payments.models import MoneyMovement, Payment, ProviderEvent


def list_payments(actor: Actor) -> "QuerySet[Payment]":
    """The payments that exist for the actor, newest first."""
    return Payment.objects.visible_to(actor).select_related("received_by", "branch")


def payments_of(payable_type: str, payable_id: UUID) -> "QuerySet[Payment]":
    """All payments of one payable, newest first."""
    return Payment.objects.filter(payable_type=payable_type, payable_id=payable_id).select_related("received_by")


def money_received(payable_type: str, payable_id: UUID) -> Decimal:
    """Receipts minus refunds of a payable, from the ledger."""
    rows = MoneyMovement.objects.filter(payable_type=payable_type, payable_id=payable_id)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def list_provider_events(actor: Actor) -> "QuerySet[ProviderEvent]":
    """What payment companies said about the actor's payments, newest first."""
    return ProviderEvent.objects.visible_to(actor).select_related("payment")
