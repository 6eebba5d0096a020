"""A payment company's message: checked, stored once, applied once; what cannot be explained waits for a person."""

import hashlib
from dataclasses import dataclass
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

Outcome = ProviderEvent.Outcome


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


def _judge(payment: Payment | None, message: ProviderMessage, due: Any) -> tuple[str, str]:
    """What to do with the message, and why."""
    if payment is None:
        return Outcome.SUSPENSE, "unknown reference"
    if not message.is_success:
        return Outcome.IGNORED, "not a success"
    if payment.state == Payment.State.COMPLETED:
        return Outcome.SUSPENSE, "paid a second time"
    if message.currency != payment.currency or message.amount != payment.amount:
        return Outcome.SUSPENSE, f"amount differs: {message.amount} {message.currency}"
    if due is not None and payment.amount > due:
        return Outcome.SUSPENSE, "more than is due"
    return Outcome.APPLIED, ""


def _store(provider: str, message: ProviderMessage, raw_body: bytes) -> ProviderEvent:
    event, _is_new = ProviderEvent.objects.get_or_create(
        provider=provider,
        reference=f"{message.order_reference}:{message.reference}"[:120],
        defaults={"amount": message.amount, "raw_body": raw_body.decode(errors="replace")},
    )
    return event


def _store_refused(provider: str, raw_body: bytes) -> None:
    """A wrong signature is kept for staff, once per body and at most 20 kB of it."""
    ProviderEvent.objects.get_or_create(
        provider=provider,
        reference=f"refused:{hashlib.sha256(raw_body).hexdigest()}",
        defaults={
            "raw_body": raw_body[:20_000].decode(errors="replace").replace("\x00", ""),
            "outcome": Outcome.REFUSED,
            "processed_at": now(),
        },
    )
