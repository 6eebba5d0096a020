"""Starting a payment at a payment company: reserve our row and commit, call outside any transaction, keep the answer."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.engines.payments.errors import NothingDue, ProviderUnknown
from apps.engines.payments.events import PaymentStarted
from apps.engines.payments.models import Payment
from apps.engines.payments.providers import GATEWAYS
from apps.engines.payments.registry import get_adapter
from apps.engines.payments.services.receive_cash import identity_of
from apps.platform.audit.services import record
from apps.platform.events.services import publish

VALID_MINUTES = 30
START_RIGHT = "payment.start"  # what a visitor behind a payment link may do, and nothing else
MAX_REFERENCE = 2**53 - 1


def start_online_payment(
    actor: Actor, *, payable_type: str, payable_id: UUID, provider: str, return_url: str, cancel_url: str
) -> Payment:
    """A payment over the whole amount due; a fresh pending one of the same amount is used again.

    Must not be called inside a transaction: the company is called in between. Raises NotFound, NothingDue,
    ProviderUnknown, ProviderUnavailable (then the payment stays pending and the sweep asks about it).
    """
    if not actor.can("payment.receive"):
        actor.require(START_RIGHT)
    gateway_class = GATEWAYS.get(provider)
    if gateway_class is None:
        raise ProviderUnknown(field="provider")
    payment, description = _reserve(actor, payable_type, payable_id, provider)
    if payment.checkout_url:
        return payment
    checkout = gateway_class().create(payment, description=description, return_url=return_url, cancel_url=cancel_url)
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        payment.checkout_url, payment.qr_text = checkout.checkout_url, checkout.qr_text
        payment.save_changes("checkout_url", "qr_text")
    return payment


@transaction.atomic
def _reserve(actor: Actor, payable_type: str, payable_id: UUID, provider: str) -> tuple[Payment, str]:
    adapter = get_adapter(payable_type)
    if not adapter.is_visible_to(actor, payable_id):
        raise NotFound
    payable = adapter.lock(payable_id)
    if payable.amount_due <= 0:
        raise NothingDue
    pending_rows = Payment.objects.filter(
        payable_type=payable_type,
        payable_id=payable_id,
        provider=provider,
        state=Payment.State.PENDING,
        amount=payable.amount_due,
        expires_at__gt=now() + timedelta(minutes=2),
    )
    # One without a page is being started elsewhere or was cut off: its number cannot be used again.
    pending = pending_rows.exclude(checkout_url="").first()
    if pending is not None:
        return pending, payable.description
    payment = Payment.objects.create(
        **identity_of(payable),
        amount=payable.amount_due,
        method=Payment.Method.ONLINE,
        provider=provider,
        provider_reference=str(_new_reference()),
        expires_at=now() + timedelta(minutes=VALID_MINUTES),
    )
    record(actor, "payment.started", payment, data={"provider": provider})
    publish(
        actor,
        PaymentStarted(
            subject_id=payable.id,
            organization_id=payable.organization_id,
            branch_id=payable.branch_id,
            payment_id=payment.pk,
            payable_type=payable.type,
            amount=str(payment.amount),
        ),
    )
    return payment, payable.description


def _new_reference() -> int:
    """Our number at the company: milliseconds and three random digits, below 2^53; unique by constraint."""
    return (int(now().timestamp() * 1000) * 1000 + secrets.randbelow(1000)) % MAX_REFERENCE
