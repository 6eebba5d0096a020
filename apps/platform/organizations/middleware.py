"""Puts the actor on the request. It is built at its first use, so pages that ask nobody cost no query."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from apps.core.actor import Actor
from apps.core.errors import BusinessError, NotFound
from apps.core.ids import parse_id
from apps.platform.accounts.requests import client_address
from apps.platform.organizations.rules import ORGANIZATION_KEY
from apps.platform.organizations.services import build_actor
from apps.platform.organizations.services.partner_actor import build_partner_actor

BRANCH_KEY = "branch_id"
_API_PATHS = ("/api/", "/graphql")


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request whose user is known by now.

    API calls name company and branch by X-Organization and X-Branch, and a name that is not theirs is NotFound. Pages
    take what was chosen in the switcher; a choice that no longer holds is forgotten.
    """
    if request.path.startswith(_API_PATHS) and ("X-Organization" in request.headers or "X-Branch" in request.headers):
        return _build(request, _header(request, "X-Organization"), _header(request, "X-Branch"))
    session = getattr(request, "session", None)
    if session is None or getattr(request, "access_token", None) is not None:
        return _build(request, None, None)
    chosen = parse_id(session.get(ORGANIZATION_KEY)), parse_id(session.get(BRANCH_KEY))
    try:
        return _build(request, *chosen)
    except BusinessError:
        session.pop(ORGANIZATION_KEY, None)
        session.pop(BRANCH_KEY, None)
        return _build(request, None, None)


def _header(request: HttpRequest, name: str) -> UUID | None:
    text = request.headers.get(name)
    if text is None:
        return None
    value = parse_id(text)
    if value is None:
        raise NotFound
    return value


def _build(request: HttpRequest, organization_id: UUID | None, branch_id: UUID | None) -> Actor:
    origin: dict[str, Any] = {
        "ip": client_address(request),
        "user_agent": request.headers.get("User-Agent", "")[:400],
        "request_id": getattr(request, "request_id", ""),
    }
    grant = getattr(request, "partner_grant", None)
    if grant is not None:
        return build_partner_actor(grant, organization_id=organization_id, branch_id=branch_id, **origin)
    # The session is known only after the first look at the user, so the user comes first.
    session = getattr(request, "user_session", None) if request.user.is_authenticated else None
    return build_actor(
        request.user,
        organization_id=organization_id,
        branch_id=branch_id,
        session_id=session.pk if session else None,
        **origin,
    )
