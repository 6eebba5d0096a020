"""One-time form tokens: the second press of the same form goes to the result of the first."""

from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import Conflict
from apps.core.ids import parse_id

FIELD = "form_token"
RUNNING = "running"
_RUN_SECONDS, _KEEP_SECONDS = 60, 3600


class StillRunning(Conflict):
    """The first press is still being worked on."""

    rule = "still_running"
    message = _("This is being saved already. Please wait a moment.")


def new_token() -> str:
    return str(uuid4())


def claim(actor: Actor, token: str) -> str:
    """Takes the token for this request; returns the address of the result when it was used before, else "".

    Raises StillRunning when another request holds it now. A form without a (valid) token is not protected.
    """
    if parse_id(token) is None or cache.add(_key(actor, token), RUNNING, _RUN_SECONDS):
        return ""
    result: str = cache.get(_key(actor, token), RUNNING)
    if result == RUNNING:
        raise StillRunning
    return result


def keep_result(actor: Actor, token: str, url: str) -> None:
    """Remembers where the result is, for an hour."""
    if parse_id(token):
        cache.set(_key(actor, token), url, _KEEP_SECONDS)


def give_back(actor: Actor, token: str) -> None:
    """The form was refused: it may be sent again."""
    if parse_id(token):
        cache.delete(_key(actor, token))


def _key(actor: Actor, token: str) -> str:
    return f"form:{actor.user_id or actor.session_id or actor.ip}:{token}"
