"""Every change of payments, one use case a file."""

from apps.engines.payments.services.complete import close_payment, complete_payment
from apps.engines.payments.services.receive_cash import COUNTER_METHODS, receive_cash
from apps.engines.payments.services.receive_webhook import WebhookAnswer, receive_webhook
from apps.engines.payments.services.refund_payment import refund_payment
from apps.engines.payments.services.start_online import start_online_payment
from apps.engines.payments.services.sweep import query_payment, query_pending_payments
from apps.engines.payments.services.verify_money import verify_money
from apps.engines.payments.services.withdraw import withdraw_overtaken

__all__ = [
    "COUNTER_METHODS",
    "WebhookAnswer",
    "close_payment",
    "complete_payment",
    "query_payment",
    "query_pending_payments",
    "receive_cash",
    "receive_webhook",
    "refund_payment",
    "start_online_payment",
    "verify_money",
    "withdraw_overtaken",
]
