"""Ties a browser's session to its row in the list of devices: a session ended there is logged out at once."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from apps.platform.accounts.services.sessions import find_open_session, touch_session

SESSION_KEY = "user_session_id"


class UserSessionMiddleware:
    """`request.user` becomes the user of a living session, `request.user_session` that session. Read at first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        logged_in = request.user
        cached: list[Any] = []

        def living_user() -> Any:
            if not cached:
                cached.append(check_user(request, logged_in))
            return cached[0]

        request.user_session = None  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(living_user)  # type: ignore[assignment]
        request.auser = sync_to_async(living_user)
        return self.get_response(request)


def check_user(request: HttpRequest, user: Any) -> Any:
    """`user` while their session lives; otherwise the browser's session is emptied and nobody is left."""
    if not user.is_authenticated:
        return user
    session = find_open_session(request.session.get(SESSION_KEY), user_id=user.pk)
    if session is None:
        request.session.flush()
        return AnonymousUser()
    touch_session(session)
    request.user_session = session  # type: ignore[attr-defined]
    return user
