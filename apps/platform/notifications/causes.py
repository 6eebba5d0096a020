"""Why a message did not arrive, in words that tell staff what to do."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.models import Delivery

_NUMBER = _("The phone number is wrong or cannot get SMS. Please correct it.")
_UNSUBSCRIBED = _("The receiver does not want messages on this channel.")
_ACCOUNT = _("Our account with the provider refuses. Please check its keys and its balance.")
_BUSY = _("The provider was busy or away for a long time. It can be sent again.")
_PHONE_OFF = _("The phone was off or out of reach. It can be sent again.")
_TEXT = _("The provider does not take this text. Brand-name texts must be registered with it.")
_NO_MAILBOX = _("There is no such mailbox. Please correct the address.")

_CAUSES: tuple[tuple[str, Any], ...] = (
    (r"Twilio (21211|21614|30005|30006)\b|eSMS (108|177)\b", _NUMBER),
    (r"Twilio 21610\b|eSMS 99\b|unsubscribed", _UNSUBSCRIBED),
    (r"Twilio (20003|21608)\b|eSMS (101|102|103|104|140)\b|push service answered (401|403)", _ACCOUNT),
    (r"Twilio (20429|30001|5\d\d)\b|Timeout|Connect|answered 5\d\d|HTTPStatusError", _BUSY),
    (r"Twilio 30003\b|eSMS: not delivered", _PHONE_OFF),
    (r"Twilio (30007|21617)\b|eSMS (110|118|146)\b|eSMS: rejected|answered 413", _TEXT),
    (r"no such user|5\.1\.1|user unknown|mailbox unavailable|not a valid address", _NO_MAILBOX),
    (r"mailbox full|5\.2\.2|over quota", _("The mailbox is full. It can be sent again later.")),
    (r"blocked|chat not found|deactivated", _("The receiver has ended the link with Telegram.")),
    (r"no longer wants|answered (404|410)", _("The browser no longer wants messages.")),
    (r"outcome .* unknown", _("It is not known whether it went out. Please ask the receiver before sending again.")),
    (r"^cancelled$", _("The mailing was cancelled.")),
)


def explain(row: Delivery) -> str:
    """The cause for people; what the provider said where nothing better is known; empty for what arrived."""
    if not row.error:
        return ""
    for pattern, text in _CAUSES:
        if re.search(pattern, row.error, re.IGNORECASE):
            return str(text)
    return row.error
