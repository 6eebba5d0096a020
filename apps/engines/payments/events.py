"""What payments tell the world. Listeners of the payable's app move their numbers in the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(Event):
    """The subject is the payable, so that events of one invoice stay in order. `amount` in the payable's currency."""

    payment_id: UUID
    payable_type: str
    amount: str = "0"

    def topics(self) -> list[str]:
        return [f"{self.payable_type}:{self.subject_id}", f"dashboard:{self.organization_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class PaymentStarted(PaymentEvent):
    name = "payment.started"


@declare
@dataclass(frozen=True, kw_only=True)
class PaymentCompleted(PaymentEvent):
    name = "payment.completed"


@declare
@dataclass(frozen=True, kw_only=True)
class PaymentClosed(PaymentEvent):
    """Ended without money: failed, expired or cancelled."""

    name = "payment.closed"
    state: str = ""


@declare
@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(PaymentEvent):
    name = "payment.refunded"


texts.register("payment.completed", _("Payment received: %(amount)s"), icon="banknote")
texts.register("payment.refunded", _("Paid back: %(amount)s (%(reason)s)"), icon="undo-2")
texts.register("payment.started", _("Online payment started"), icon="qr-code")
texts.register("payment.closed", _("Online payment ended without money"), icon="circle-x")
