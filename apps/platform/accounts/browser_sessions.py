"""Every browser log-in, through whichever door, gets its row in the list of devices."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from apps.platform.accounts.middleware import SESSION_KEY
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.services.sessions import open_session


@receiver(user_logged_in, dispatch_uid="accounts.open_browser_session")
def open_browser_session(request: HttpRequest, user: User, **_: Any) -> None:
    """Django has just given the session a new key; the row holds that key, the session holds the row's id."""
    if request.session.session_key is None:
        request.session.save()
    session = open_session(
        user,
        kind=UserSession.Kind.BROWSER,
        session_key=request.session.session_key or "",
        ip=client_address(request),
        user_agent=user_agent(request),
    )
    request.session[SESSION_KEY] = str(session.pk)
