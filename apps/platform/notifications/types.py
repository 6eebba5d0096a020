"""The message types of the platform itself."""

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import NotificationType, register

TEST_MESSAGE = register(
    NotificationType(
        code="test.message",
        channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS),
        label=_("Test message"),
        sample=(("note", "…"),),
    )
)
