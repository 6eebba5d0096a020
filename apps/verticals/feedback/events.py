"""What feedback tells the world, and from which events of other apps it is asked for."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.events.base import Event
from apps.platform.events.registry import declare
from apps.platform.notifications.registry import NotificationType, register, register_category
from apps.platform.realtime.registry import register_topic


@declare
@dataclass(frozen=True, kw_only=True)
class FeedbackRequested(Event):
    name = "feedback.requested"

    def topics(self) -> list[str]:
        return [f"feedback:{self.organization_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(Event):
    """The customer rated; `rating` 1 to 5."""

    name = "feedback.given"
    rating: int = 0

    def topics(self) -> list[str]:
        return [f"feedback:{self.organization_id}", f"dashboard:{self.organization_id}"]


register_topic("feedback", lambda actor, key: actor.can("feedback.view") and key == str(actor.organization_id))
texts.register("feedback.requested", _("Feedback asked for"), icon="message-circle-question")
texts.register("feedback.given", _("Rated %(rating)s of 5"), icon="star")
texts.register("feedback.acknowledged", _("Feedback acknowledged"), icon="message-circle-reply")
register_category("feedback", _("Feedback"))
SAMPLE = (
    ("name", "Trần Thị Mai"),
    ("garage", "Gara Minh Phát"),
    ("number", "JC-20261120-0007"),
    ("link", "https://baylink.example/f/abc/"),
    ("rating", "4"),
    ("comment", "Xe sạch, giao đúng hẹn."),
)
register(
    NotificationType(
        code="feedback.requested",
        category="feedback",
        channels=("email", "sms"),
        label=_("How was it?"),
        sample=SAMPLE,
    )
)
register(
    NotificationType(
        code="feedback.given", category="feedback", channels=("in_app",), label=_("New feedback"), sample=SAMPLE
    )
)
