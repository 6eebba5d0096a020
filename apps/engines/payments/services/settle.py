"""Ending a pending payment without money."""

from django.db import transaction

from apps.core.actor import system_actor
from apps.engines.payments.models import Payment
from apps.engines.payments.registry import get_adapter
from apps.engines.payments.services.complete import close_payment


@transaction.atomic
def close_pending(payment: Payment, state: str) -> None:
    """Locks payable and payment and closes the payment, unless something else has ended it meanwhile."""
    get_adapter(payment.payable_type).lock(payment.payable_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state == Payment.State.PENDING:
        close_payment(system_actor(payment.organization_id, name=payment.provider), payment, state)
