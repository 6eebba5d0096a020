"""The life of an invoice. Being paid follows from payments, nobody presses a button for it."""

from django.utils.translation import gettext_lazy as _

from apps.core.states import StateTable, Step
from apps.engines.billing.models import Invoice

S = Invoice.State
UNPAID = {S.FINAL, S.SENT, S.OVERDUE}
INVOICE = StateTable(
    "state",
    S,
    {
        "finalise": Step({S.DRAFT}, S.FINAL, _("Finalise"), permission="invoice.finalise"),
        "send": Step({S.FINAL, S.SENT, S.OVERDUE}, S.SENT, _("Send"), permission="invoice.send"),
        "pay": Step(UNPAID, S.PAID, _("Paid"), is_manual=False),
        "reopen": Step({S.PAID}, S.SENT, _("Unpaid again"), is_manual=False),
        "refund": Step({S.PAID, *UNPAID}, S.REFUNDED, _("Paid back"), is_manual=False),
        "fall_due": Step({S.FINAL, S.SENT}, S.OVERDUE, _("Overdue"), is_manual=False),
        "cancel": Step({S.DRAFT}, S.CANCELLED, _("Cancel"), permission="invoice.cancel", tone="danger"),
    },
    tones={
        S.DRAFT: "neutral",
        S.FINAL: "info",
        S.SENT: "progress",
        S.PAID: "done",
        S.OVERDUE: "danger",
        S.CANCELLED: "neutral",
        S.REFUNDED: "attention",
    },
)
