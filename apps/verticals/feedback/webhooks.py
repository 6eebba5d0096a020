"""What other systems may be told of feedback."""

from django.utils.translation import gettext_lazy as _

from apps.platform.webhooks.registry import offer
from apps.verticals.feedback.events import FeedbackGiven

offer(
    FeedbackGiven,
    label=_("New feedback"),
    permission="feedback.view",
    fields=[("feedbackId", "subject_id", "the feedback"), ("rating", "rating", "1 to 5")],
)
