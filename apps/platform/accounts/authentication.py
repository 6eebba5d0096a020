"""How REST calls say who they are: an app's access token, or the session of the browser."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.encoding import force_str
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from apps.platform.accounts.services.partner_clients import read_partner_token
from apps.platform.accounts.services.sessions import touch_session
from apps.platform.accounts.services.tokens import read_access_token


class PartnerProgram(AnonymousUser):
    """A program that calls for itself: no person is logged in."""

    def __init__(self, partner: str) -> None:
        self.partner = partner


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`. Raises SessionEnded (401 AUTH_002) for a dead token."""

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        token = force_str(words[1], errors="replace")
        # Our own tokens are signed and have three parts; those of partners are random.
        if token.count(".") != 2:
            return self.authenticate_partner(request, token)
        session = read_access_token(token)
        touch_session(session)
        request._request.user_session = session  # type: ignore[attr-defined]
        request._request.access_token = token  # type: ignore[attr-defined]
        return session.user, token

    def authenticate_partner(self, request: Request, token: str) -> tuple[Any, str]:
        """A token that a program got from us as the provider; what it may do is decided with the actor."""
        grant = read_partner_token(token)
        request._request.partner_grant = grant  # type: ignore[attr-defined]
        request._request.access_token = token  # type: ignore[attr-defined]
        return grant.user or PartnerProgram(grant.client_id), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PortalSessionAuthentication(SessionAuthentication):
    """The portals' own scripts call the API with their cookie; writes need the CSRF token."""
