"""Telegram's Bot API: sendMessage. The bot's token stands in the address, so addresses never go into errors or logs."""

import html
from typing import Any, ClassVar

import httpx
from django.conf import settings

from apps.platform.notifications.senders.base import AddressGone, Message, MessageRefused, OutcomeUnknown, SendingFailed

LONGEST = 4096
_GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked")


class TelegramSender:
    """Telegram does not recognise a repeated message, so one whose outcome is unknown is not sent again by itself."""

    name: ClassVar[str] = "telegram"
    is_repeatable: ClassVar[bool] = False

    def send(self, message: Message) -> str:
        status, answer = call("sendMessage", chat_id=message.address, text=_text(message), parse_mode="HTML")
        if answer.get("ok"):
            return str(answer["result"]["message_id"])
        description = str(answer.get("description", ""))
        text = f"Telegram {answer.get('error_code', status)}: {description}"
        if status == 403 or any(part in description.lower() for part in _GONE):
            raise AddressGone(text)
        if status == 429:
            raise SendingFailed(text, wait_seconds=int(answer.get("parameters", {}).get("retry_after", 30)))
        raise MessageRefused(text) if status == 400 else SendingFailed(text)


def call(method: str, **values: Any) -> tuple[int, dict[str, Any]]:
    """One call of the Bot API; returns HTTP status and answer. Raises SendingFailed or OutcomeUnknown."""
    url = f"{settings.TELEGRAM_BASE_URL}/bot{settings.TELEGRAM_BOT_TOKEN}/{method}"
    try:
        response = httpx.post(url, json=values, timeout=httpx.Timeout(15, connect=5))
        answer = response.json()
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise SendingFailed(f"Telegram: {type(error).__name__}") from None
    except (httpx.HTTPError, ValueError) as error:
        raise OutcomeUnknown(f"Telegram: {type(error).__name__}") from None
    if not isinstance(answer, dict):
        raise OutcomeUnknown("Telegram: unexpected answer")
    return response.status_code, answer


def _text(message: Message) -> str:
    """The title in bold, the text, the link; cut so that the escaped text stays within what Telegram takes."""
    title = f"<b>{html.escape(message.subject, quote=False)}</b>" if message.subject else ""
    link = html.escape(message.url, quote=False)
    room = LONGEST - len(title) - len(link) - 8
    body = html.escape(_cut(message.body, room), quote=False)
    return "\n\n".join(part for part in (title, body, link) if part)


def _cut(text: str, room: int) -> str:
    """As much of the text as fits once escaped (`&` becomes five letters)."""
    used = 0
    for place, letter in enumerate(text):
        used += len(html.escape(letter, quote=False))
        if used > room:
            return f"{text[: max(place - 1, 0)]}…"
    return text
