"""The life of a mass mailing."""

from django.utils.translation import gettext_lazy as _

from apps.core.states import StateTable, Step
from apps.platform.notifications.models import BulkSend
from apps.platform.notifications.permissions import NOTIFICATION_SEND

S = BulkSend.State
BULK_SEND = StateTable(
    "state",
    S,
    {
        "start": Step({S.DRAFT}, S.SENDING, _("Start sending"), permission=NOTIFICATION_SEND),
        "pause": Step({S.SENDING}, S.PAUSED, _("Pause"), permission=NOTIFICATION_SEND, tone="secondary"),
        "resume": Step({S.PAUSED}, S.SENDING, _("Go on"), permission=NOTIFICATION_SEND),
        "finish": Step({S.SENDING}, S.DONE, _("Done"), is_manual=False),
        "cancel": Step(
            {S.DRAFT, S.SENDING, S.PAUSED}, S.CANCELLED, _("Cancel"), permission=NOTIFICATION_SEND, tone="danger"
        ),
    },
    tones={S.DRAFT: "neutral", S.SENDING: "progress", S.PAUSED: "attention", S.DONE: "done", S.CANCELLED: "neutral"},
)
