"""Web push: the text encrypted for one browser (RFC 8291), handed to its push service with our signature (RFC 8292)."""

import json
from typing import ClassVar

from django.conf import settings

from apps.platform.notifications.models import PushSubscription
from apps.platform.notifications.senders import vapid
from apps.platform.notifications.senders.base import AddressGone, Message, MessageRefused, SendingFailed

# Push services take about 4 KB encrypted.
_LONGEST_BODY = 1200
_SECONDS_TO_LIVE = 24 * 3600
_TIMEOUT_SECONDS = 15


class WebPushSender:
    """A repeated message has the same tag: the browser shows it in place of the first."""

    name: ClassVar[str] = "web_push"
    is_repeatable: ClassVar[bool] = True

    def send(self, message: Message) -> str:
        from pywebpush import WebPushException, webpush
        from requests import RequestException

        subscription = PushSubscription.objects.filter(endpoint=message.address).first()
        if subscription is None:
            raise AddressGone("the browser no longer wants messages")
        try:
            response = webpush(
                {"endpoint": message.address, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}},
                data=_payload(message),
                vapid_private_key=vapid.private_key(),
                vapid_claims={"sub": settings.VAPID_CONTACT},
                ttl=_SECONDS_TO_LIVE,
                timeout=_TIMEOUT_SECONDS,
            )
        except WebPushException as error:
            raise _refusal(error) from error
        except RequestException as error:
            raise SendingFailed(f"push service: {type(error).__name__}") from error
        except ValueError as error:
            raise AddressGone(f"the browser's key is not usable: {error}") from error
        return str(getattr(response, "headers", {}).get("Location", ""))


def _payload(message: Message) -> str:
    values = {"title": message.subject, "body": message.body[:_LONGEST_BODY], "url": message.url, "tag": message.key}
    return json.dumps(values, ensure_ascii=False)


def _refusal(error: Exception) -> SendingFailed:
    response = getattr(error, "response", None)
    status = response.status_code if response is not None else 0
    text = f"push service answered {status}" if status else f"push service: {error}"
    if status in (404, 410):
        return AddressGone(text)
    if status in (400, 401, 403, 413):
        return MessageRefused(text)
    wait = response.headers.get("Retry-After", "") if response is not None else ""
    return SendingFailed(text, wait_seconds=int(wait) if wait.isdigit() else None)
