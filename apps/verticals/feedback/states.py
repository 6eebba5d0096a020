"""The life of a rating."""

from django.utils.translation import gettext_lazy as _

from apps.core.states import StateTable, Step
from apps.verticals.feedback.models import Feedback

S = Feedback.State
FEEDBACK = StateTable(
    "state",
    S,
    {
        "give": Step({S.REQUESTED}, S.PENDING, _("Rate"), is_manual=False),
        "acknowledge": Step({S.PENDING}, S.ACKNOWLEDGED, _("Acknowledge"), permission="feedback.answer"),
        "resolve": Step({S.PENDING, S.ACKNOWLEDGED}, S.RESOLVED, _("Resolve"), permission="feedback.answer"),
    },
    tones={S.REQUESTED: "neutral", S.PENDING: "attention", S.ACKNOWLEDGED: "info", S.RESOLVED: "done"},
)
