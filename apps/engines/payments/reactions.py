"""What payments do about their own events after commit."""

from apps.engines.payments.events import PaymentCompleted
from apps.engines.payments.services.withdraw import wake_withdrawal
from apps.platform.events.registry import reacts


@reacts(PaymentCompleted, name="payments.withdraw_overtaken")
def withdraw_overtaken(event: PaymentCompleted) -> None:
    wake_withdrawal(event.payable_type, event.subject_id)
