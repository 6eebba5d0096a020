"""The message types of the platform itself."""

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import PROMOTIONS, NotificationType, register, register_category

TEST_MESSAGE = register(
    NotificationType(
        code="test.message",
        channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS),
        label=_("Test message"),
        sample=(("note", "…"),),
    )
)

_MAILING = (
    ("name", "Trần Thị Mai"),
    ("subject", "Ưu đãi bảo dưỡng tháng 12"),
    ("text", "Giảm 10% công bảo dưỡng đến hết 31/12."),
    ("unsubscribe", "https://baylink.example/notifications/unsubscribe/abc/"),
)
register_category(PROMOTIONS, _("Offers"))
register_category("announcements", _("Notices of the company"))
PROMOTION = register(
    NotificationType(
        code="promotion.sent",
        category=PROMOTIONS,
        channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS),
        label=_("Offer to customers"),
        sample=_MAILING,
    )
)
ANNOUNCEMENT = register(
    NotificationType(
        code="announcement.sent",
        category="announcements",
        channels=(Channel.EMAIL, Channel.SMS, Channel.TELEGRAM),
        label=_("Notice to colleagues"),
        sample=_MAILING,
    )
)
