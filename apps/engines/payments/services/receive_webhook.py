"""A payment company's message: checked, stored once, applied once; what cannot be explained waits for a person."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.engines.payments.errors import ProviderUnknown, SignatureWrong
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.providers import GATEWAYS, ProviderMessage
from apps.engines.payments.registry import get_adapter
from apps.engines.payments.services.complete import complete_payment

logger = logging.getLogger(__name__)
Outcome = ProviderEvent.Outcome
FLOOD_PERIOD = timedelta(hours=1)
FLOOD_LIMIT = 200


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What the company gets back."""

    status: int
    body: dict[str, Any]


ACCEPTED = WebhookAnswer(200, {"success": True})


def receive_webhook(provider: str, raw_body: bytes) -> WebhookAnswer:
    """Takes in one message. The same message again changes nothing and is answered the same.

    Raises NotFound for an unknown company, SignatureWrong (the message is kept as refused).
    """
    gateway_class = GATEWAYS.get(provider)
    if gateway_class is None:
        raise NotFound from ProviderUnknown()
    try:
        message = gateway_class().read_callback(raw_body)
    except SignatureWrong:
        _store_refused(provider, raw_body)
        raise
    if (
        message.is_probe
        and not Payment.objects.filter(provider=provider, provider_reference=message.order_reference).exists()
    ):
        return ACCEPTED
    event = _store(provider, message, raw_body)
    apply_event(event, message)
    return ACCEPTED


@transaction.atomic
def apply_event(event: ProviderEvent, message: ProviderMessage) -> None:
    """Settles one stored message: the payable is locked first, as everywhere, then the payment, then the message."""
    payment = Payment.objects.filter(provider=event.provider, provider_reference=message.order_reference).first()
    due = get_adapter(payment.payable_type).lock(payment.payable_id).amount_due if payment else None
    if payment is not None:
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
    event = ProviderEvent.objects.select_for_update().get(pk=event.pk)
    if event.outcome != Outcome.STORED:
        return
    event.payment = payment
    event.organization_id = payment.organization_id if payment else None
    event.outcome, event.note = _judge(payment, message, due)
    event.processed_at = now()
    event.save(update_fields=["payment", "organization", "outcome", "note", "processed_at"])
    if event.outcome == Outcome.APPLIED and payment is not None:
        actor = system_actor(payment.organization_id, name=event.provider, branch_id=payment.branch_id)
        complete_payment(actor, payment, transaction_reference=message.reference)


def apply_stored_events(provider: str) -> int:
    """Settles messages that were stored but not applied, as after a crash in between; says how many there were."""
    gateway = GATEWAYS[provider]()
    waiting = ProviderEvent.objects.filter(
        provider=provider, outcome=Outcome.STORED, created_at__lt=now() - timedelta(minutes=1)
    ).exclude(raw_body="")
    events = list(waiting.order_by("pk")[:100])
    for event in events:
        apply_event(event, gateway.read_callback(event.raw_body.encode()))
    return len(events)


def _judge(payment: Payment | None, message: ProviderMessage, due: Decimal | None) -> tuple[str, str]:
    """What to do with the message, and why."""
    if payment is None:
        return Outcome.SUSPENSE, "unknown reference"
    if not message.is_success:
        return Outcome.IGNORED, "not a success"
    if payment.state == Payment.State.COMPLETED:
        is_known = payment.transaction_reference in ("", message.reference)
        return (Outcome.IGNORED, "counted already") if is_known else (Outcome.SUSPENSE, "paid a second time")
    note = ""
    if message.currency != payment.currency or message.amount != payment.amount:
        note = f"amount differs: {message.amount} {message.currency}"
    elif due is not None and payment.amount > due:
        note = "more than is due"
    return (Outcome.SUSPENSE if note else Outcome.APPLIED), note


def _store(provider: str, message: ProviderMessage, raw_body: bytes) -> ProviderEvent:
    event, _is_new = ProviderEvent.objects.get_or_create(
        provider=provider,
        reference=f"{message.order_reference}:{message.reference}"[:120],
        defaults={"amount": message.amount, "raw_body": raw_body.decode(errors="replace")},
    )
    return event


def _store_refused(provider: str, raw_body: bytes) -> None:
    """A wrong signature is kept for staff: once per body, at most 20 kB of it, and no flood of them."""
    recent = ProviderEvent.objects.filter(
        provider=provider, outcome=Outcome.REFUSED, created_at__gt=now() - FLOOD_PERIOD
    )
    if recent.count() >= FLOOD_LIMIT:
        logger.warning("%s: more messages with wrong signatures than are kept", provider)
        return
    ProviderEvent.objects.get_or_create(
        provider=provider,
        reference=f"refused:{hashlib.sha256(raw_body).hexdigest()}",
        defaults={
            "raw_body": raw_body[:20_000].decode(errors="replace").replace("\x00", ""),
            "outcome": Outcome.REFUSED,
            "processed_at": now(),
        },
    )
