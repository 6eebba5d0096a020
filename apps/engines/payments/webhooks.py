"""What other systems may be told of payments."""

from django.utils.translation import gettext_lazy as _

from apps.engines.payments.events import PaymentClosed, PaymentCompleted, PaymentRefunded, PaymentStarted
from apps.platform.webhooks.registry import offer

_FIELDS = [
    ("paymentId", "payment_id", "the payment"),
    ("payableType", "payable_type", "what is paid (`invoice`)"),
    ("payableId", "subject_id", "the document that is paid"),
    ("branchId", "branch_id", "the branch"),
]
_AMOUNT = ("amount", "amount", "in the currency of the document, as text")

offer(PaymentStarted, label=_("Online payment started"), permission="payment.view", fields=[*_FIELDS, _AMOUNT])
offer(PaymentCompleted, label=_("Payment received"), permission="payment.view", fields=[*_FIELDS, _AMOUNT])
offer(
    PaymentClosed,
    label=_("Online payment ended without money"),
    permission="payment.view",
    fields=[*_FIELDS, ("state", "state", "`failed`, `expired` or `cancelled`")],
)
offer(PaymentRefunded, label=_("Paid back"), permission="payment.view", fields=[*_FIELDS, _AMOUNT])
