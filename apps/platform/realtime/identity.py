"""Who is on the other end of a socket: the browser's session, an app's token, or nobody. Reads the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import validate_host

from apps.core.actor import ANONYMOUS, Actor
from apps.core.errors import BusinessError, SecondFactorRequired
from apps.core.ids import parse_id
from apps.platform.accounts.middleware import SESSION_KEY
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services.sessions import find_open_session
from apps.platform.accounts.services.tokens import read_access_token
from apps.platform.organizations.middleware import BRANCH_KEY, ORGANIZATION_KEY
from apps.platform.organizations.services import build_actor


@dataclass(frozen=True, slots=True)
class Identity:
    """An actor with the session that vouches for them; without one nobody is logged in."""

    actor: Actor = ANONYMOUS
    session_id: UUID | None = None
    user_id: UUID | None = None
    organization_id: UUID | None = None
    branch_id: UUID | None = None


NOBODY = Identity()


def is_origin_allowed(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the page that opened the socket is ours. Apps send no Origin; they have no cookies to abuse either."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return b"cookie" not in headers
    if origin in settings.CORS_ALLOWED_ORIGINS or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    host = headers.get(b"host", b"").decode("latin-1").lower()
    parts = urlsplit(origin)
    return parts.netloc.lower() == host and validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)


def identify_browser(headers: Mapping[bytes, bytes]) -> Identity:
    """The person whose session cookie came with the handshake, acting where they act in the portal."""
    key = _session_cookie(headers)
    if not key:
        return NOBODY
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_authenticated:
        return NOBODY
    session = find_open_session(request.session.get(SESSION_KEY), user_id=user.pk)
    if session is None:
        return NOBODY
    chosen = parse_id(request.session.get(ORGANIZATION_KEY)), parse_id(request.session.get(BRANCH_KEY))
    return _identity(user, session, *chosen)


def identify_app(token: str, *, organization: str = "", branch: str = "") -> Identity:
    """The person of an access token; `organization` and `branch` as in X-Organization and X-Branch.

    Raises a BusinessError for a dead token and for a company that is not theirs.
    """
    session = read_access_token(token)
    ids = parse_id(organization) if organization else None, parse_id(branch) if branch else None
    actor = _actor(session.user, session.pk, *ids)
    return Identity(actor, session.pk, session.user_id, *ids)


def refresh(identity: Identity) -> Identity | None:
    """The same person with the rights of now; None when their session has ended."""
    if identity.session_id is None or identity.user_id is None:
        return identity
    session = find_open_session(identity.session_id, user_id=identity.user_id)
    if session is None or not session.user.is_active:
        return None
    return _identity(session.user, session, identity.organization_id, identity.branch_id)


def _identity(user: Any, session: UserSession, organization_id: UUID | None, branch_id: UUID | None) -> Identity:
    identity = Identity(ANONYMOUS, session.pk, user.pk, organization_id, branch_id)
    try:
        actor = _actor(user, session.pk, organization_id, branch_id)
    except SecondFactorRequired:
        return identity
    except BusinessError:
        # The company that they had chosen is closed to them now: they are themselves, and act for nobody.
        actor = _actor(user, session.pk, None, None)
        identity = replace(identity, organization_id=None, branch_id=None)
    return replace(identity, actor=actor)


def _actor(user: User, session_id: UUID, organization_id: UUID | None, branch_id: UUID | None) -> Actor:
    actor = build_actor(user, organization_id=organization_id, branch_id=branch_id, session_id=session_id)
    if actor.must_enrol:
        raise SecondFactorRequired
    return actor


def _session_cookie(headers: Mapping[bytes, bytes]) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""
