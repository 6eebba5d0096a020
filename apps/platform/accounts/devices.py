"""The browser's proof that somebody logged in with it before: a signed cookie that opens nothing.

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
SALT = "accounts.device"
DAYS = 180
MOST_PEOPLE = 10


def read_device(request: HttpRequest) -> KnownDevice:
    """Who logged in with this browser before; nobody for a missing, forged or old cookie."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
        return KnownDevice(id=str(kept["id"]), user_ids=tuple(UUID(text) for text in kept["users"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return KnownDevice()


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Keeps in the browser that `user` is in, beside up to nine others who share it."""
    before = read_device(request)
    others = [str(user_id) for user_id in before.user_ids if user_id != user.pk]
    kept = {"id": before.id or secrets.token_hex(8), "users": [*others, str(user.pk)][-MOST_PEOPLE:]}
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
