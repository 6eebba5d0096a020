"""A user's Telegram chat: linked by a code that only they saw, ended by either side."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.actor import Actor, system_actor
from apps.core.clock import now
from apps.core.crypto import keyed_hash
from apps.platform.audit.services import record
from apps.platform.notifications.errors import TelegramAway
from apps.platform.notifications.models import TelegramLink

CODE_MINUTES = 10
_PURPOSE = "notifications.telegram_code"
# Letters that nobody mistakes for another.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 10
_START = re.compile(r"^/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})$")


@dataclass(frozen=True, slots=True)
class Reply:
    chat_id: int
    text: str


def is_available() -> bool:
    """Whether this installation has a bot."""
    return bool(settings.TELEGRAM_BOT_NAME)


def chat_address(code: str) -> str:
    """Opens the chat with the bot and hands it the code."""
    return f"https://t.me/{settings.TELEGRAM_BOT_NAME}?start={code}"


@transaction.atomic
def make_telegram_code(actor: Actor) -> str:
    """A fresh code for linking; good for ten minutes and one use, earlier ones die. Raises TelegramAway."""
    if not is_available():
        raise TelegramAway
    code = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
    values = {"code_hash": _hash(code), "code_expires_at": now() + timedelta(minutes=CODE_MINUTES)}
    TelegramLink.objects.update_or_create(user_id=actor.require_user(), defaults=values)
    return code


@transaction.atomic
def unlink_telegram(actor: Actor) -> bool:
    """Ends the actor's link; returns whether there was one."""
    row = TelegramLink.objects.filter(user_id=actor.require_user()).first()
    if row is None:
        return False
    record(actor, "telegram.unlinked", row)
    row.delete()
    return True


def read_update(update: dict[str, Any]) -> Reply | None:
    """Acts on what somebody wrote to the bot (or that they blocked it); returns what to answer, if anything."""
    member = _part(update, "my_chat_member")
    if _part(member, "new_chat_member").get("status") in ("kicked", "left"):
        _end_chat(_chat_id(member))
        return None
    message = _part(update, "message")
    chat_id = _chat_id(message)
    if chat_id is None or _part(message, "chat").get("type", "private") != "private":
        return None
    return Reply(chat_id, _answer(str(message.get("text", "")).strip(), chat_id, message))


def _answer(text: str, chat_id: int, message: dict[str, Any]) -> str:
    if text.split("@", maxsplit=1)[0] == "/stop":
        _end_chat(chat_id)
        return _("You will get no more messages here. You can link this chat again in your account.")
    found = _START.match(text)
    if found is None:
        return _("Open your account, choose Notifications and link Telegram there: it gives you a code for this chat.")
    return _link(found.group(1), chat_id, message)


@transaction.atomic
def _link(code: str, chat_id: int, message: dict[str, Any]) -> str:
    """One chat belongs to one person: a link of somebody else's with the same chat ends."""
    row = (
        TelegramLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(code_hash=_hash(code.upper()), code_expires_at__gt=now())
        .first()
    )
    if row is None:
        return _("This code is unknown or has run out. Please make a new one in your account.")
    TelegramLink.objects.filter(chat_id=chat_id).exclude(pk=row.pk).delete()
    row.chat_id, row.linked_at, row.code_hash, row.code_expires_at = chat_id, now(), "", None
    row.username = str(_part(message, "from").get("username", ""))[:64]
    row.save(update_fields=["chat_id", "linked_at", "code_hash", "code_expires_at", "username"])
    record(system_actor(name="Telegram"), "telegram.linked", row)
    with translation.override(row.user.language):
        return _("This chat now gets the messages of %(name)s. Write /stop to end that.") % {"name": row.user.full_name}


def _end_chat(chat_id: int | None) -> None:
    if chat_id is not None:
        TelegramLink.objects.filter(chat_id=chat_id).delete()


def _chat_id(part: dict[str, Any]) -> int | None:
    value = _part(part, "chat").get("id")
    return value if isinstance(value, int) else None


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of this name; empty when there is none, or something else."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _hash(code: str) -> str:
    return keyed_hash(code, _PURPOSE)
