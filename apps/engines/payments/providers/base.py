"""What every payment company can be asked, in our words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.engines.payments.models import Payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A started payment: where the payer goes, and the QR text to show."""

    checkout_url: str
    qr_text: str
    link_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderMessage:
    """A callback whose signature is right. `reference` is unique per message of money; `order_reference` is ours."""

    reference: str
    order_reference: str
    amount: Decimal
    currency: str
    is_success: bool
    is_probe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderState:
    """What the company says about a payment when asked: `state` in our words, what has been paid, bank reference."""

    state: str
    amount_paid: Decimal
    reference: str = ""


class PaymentGateway(Protocol):
    name: str

    def create(self, payment: Payment, *, description: str, return_url: str, cancel_url: str) -> Checkout:
        """Starts a payment there. Raises ProviderUnavailable when no answer came (the payment may still exist)."""

    def read_callback(self, raw_body: bytes) -> ProviderMessage:
        """Checks the signature on exactly the bytes that came. Raises SignatureWrong."""

    def query(self, payment: Payment) -> ProviderState:
        """Asks what became of the payment. Raises ProviderUnavailable."""

    def cancel(self, payment: Payment) -> ProviderState:
        """Takes the link back and says what became of it. Raises ProviderUnavailable, also when they refuse."""
