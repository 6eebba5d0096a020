"""Every browser log-in, through whichever door, gets its row in the list of devices, and every log-out ends it."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from apps.core.actor import Actor, ActorKind
from apps.platform.accounts.middleware import SESSION_KEY
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.services.sessions import end_session, find_open_session, open_session


@receiver(user_logged_in, dispatch_uid="accounts.open_browser_session")
def open_browser_session(request: HttpRequest, user: User, **_: Any) -> None:
    """Django has just given the session a new key; the row holds that key, the session holds the row's id."""
    if request.session.session_key is None:
        request.session.save()
    session = open_session(
        user,
        kind=UserSession.Kind.BROWSER,
        session_key=request.session.session_key or "",
        method=getattr(request, "log_in_method", "password"),
        ip=client_address(request),
        user_agent=user_agent(request),
    )
    request.session[SESSION_KEY] = str(session.pk)


@receiver(user_logged_out, dispatch_uid="accounts.end_browser_session")
def end_browser_session(request: HttpRequest, user: User | None, **_: Any) -> None:
    """Runs before Django empties the session."""
    session = find_open_session(request.session.get(SESSION_KEY), user_id=user.pk) if user else None
    if user is None or session is None:
        return
    actor = Actor(
        kind=ActorKind.USER,
        user_id=user.pk,
        name=user.full_name,
        ip=client_address(request),
        user_agent=user_agent(request),
        session_id=session.pk,
    )
    end_session(actor, session_id=session.pk)
