"""The life of a payment. Money moves it, nobody presses a button; late money counts after it was given up."""

from django.utils.translation import gettext_lazy as _

from apps.core.states import StateTable, Step
from apps.engines.payments.models import Payment, ProviderEvent

S = Payment.State
PAYMENT = StateTable(
    "state",
    S,
    {
        "complete": Step({S.PENDING, S.FAILED, S.EXPIRED, S.CANCELLED}, S.COMPLETED, _("Received"), is_manual=False),
        "fail": Step({S.PENDING}, S.FAILED, _("Failed"), is_manual=False),
        "expire": Step({S.PENDING}, S.EXPIRED, _("Expired"), is_manual=False),
        "cancel": Step({S.PENDING}, S.CANCELLED, _("Cancelled"), is_manual=False),
    },
    tones={
        S.PENDING: "progress",
        S.COMPLETED: "done",
        S.FAILED: "danger",
        S.EXPIRED: "neutral",
        S.CANCELLED: "neutral",
    },
)
CLOSING_STEPS = {S.FAILED: "fail", S.EXPIRED: "expire", S.CANCELLED: "cancel"}
INBOX = StateTable(
    "outcome",
    ProviderEvent.Outcome,
    {},
    tones={"applied": "done", "suspense": "attention", "refused": "danger", "stored": "progress"},
)
