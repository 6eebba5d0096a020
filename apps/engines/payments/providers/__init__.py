"""Payment companies behind one interface, each speaking its own protocol."""

from apps.engines.payments.providers.base import Checkout, PaymentGateway, ProviderMessage, ProviderState
from apps.engines.payments.providers.payos import PayosGateway

GATEWAYS: dict[str, type[PaymentGateway]] = {"payos": PayosGateway}

__all__ = ["GATEWAYS", "Checkout", "PaymentGateway", "PayosGateway", "ProviderMessage", "ProviderState"]
