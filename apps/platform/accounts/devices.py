"""A device's proof that somebody logged in with it before: a signed text that opens nothing.

Browsers keep it as a cookie; apps get it with their tokens (`deviceId`) and send it as `X-Device-Id` when they log in
again. It speaks for its own people alone, so one of somebody else, or a made-up one, is no proof of anything.

It only gives its people a count of failures of their own, so that a stranger in the same network, who fails on purpose,
locks nobody out of their own device.
"""

import secrets
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from apps.platform.accounts.models import User
from apps.platform.accounts.services.attempts import KnownDevice

COOKIE = "device"
HEADER = "X-Device-Id"
LONGEST = 1000
SALT = "accounts.device"
DAYS = 180
MOST_PEOPLE = 10


def read_device(request: HttpRequest) -> KnownDevice:
    """Who logged in with this browser before; nobody for a missing, forged or old cookie."""
    return _open(request.COOKIES.get(COOKIE, ""))


def read_app_device(request: HttpRequest) -> KnownDevice:
    """The same for an app, from the header."""
    return _open(request.headers.get(HEADER, "")[:LONGEST])


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Keeps in the browser that `user` is in, beside up to nine others who share it."""
    response.set_cookie(
        COOKIE,
        sign_device(read_device(request), user),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def sign_device(before: KnownDevice, user: User) -> str:
    """The device's proof from now on: `user` logged in with it, after those of `before`."""
    others = [str(user_id) for user_id in before.user_ids if user_id != user.pk]
    kept = {"id": before.id or secrets.token_hex(8), "users": [*others, str(user.pk)][-MOST_PEOPLE:]}
    return signing.dumps(kept, salt=SALT)


def _open(text: str) -> KnownDevice:
    try:
        kept = signing.loads(text, salt=SALT, max_age=DAYS * 86400)
        return KnownDevice(id=str(kept["id"]), user_ids=tuple(UUID(one) for one in kept["users"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return KnownDevice()
