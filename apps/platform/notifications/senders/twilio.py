"""SMS through Twilio's Messages resource."""

from typing import ClassVar

import httpx
from django.conf import settings

from apps.platform.notifications.senders.base import Message, MessageRefused, OutcomeUnknown, SendingFailed

# Invalid number, unsubscribed, not a mobile number.
_FINAL = frozenset({21211, 21610, 21614})


class TwilioSender:
    """Twilio does not recognise a repeated message, so one whose outcome is unknown is not sent again by itself."""

    name: ClassVar[str] = "twilio"
    is_repeatable: ClassVar[bool] = False

    def send(self, message: Message) -> str:
        sid = settings.TWILIO_ACCOUNT_SID
        form = {"To": message.address, "From": settings.TWILIO_FROM, "Body": message.body}
        if message.receipt_url:
            form["StatusCallback"] = message.receipt_url
        try:
            response = httpx.post(
                f"{settings.TWILIO_BASE_URL}/2010-04-01/Accounts/{sid}/Messages.json",
                data=form,
                auth=(sid, settings.TWILIO_AUTH_TOKEN),
                timeout=httpx.Timeout(15, connect=5),
            )
            answer = response.json()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SendingFailed(f"Twilio: {type(error).__name__}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise OutcomeUnknown(f"Twilio: {type(error).__name__}") from error
        if response.status_code == 201:
            return str(answer.get("sid", ""))
        text = f"Twilio {answer.get('code', response.status_code)}: {answer.get('message', '')}"
        raise MessageRefused(text) if answer.get("code") in _FINAL else SendingFailed(text)
