"""A device's stay: opened at log-in, seen at requests, ended by its owner, by log-out or by time."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.rules import describe_device
from apps.platform.audit.services import record
from apps.platform.realtime.services import revoke_session

SEEN_EVERY = timedelta(minutes=5)


def open_session(
    user: User,
    *,
    kind: str,
    session_key: str = "",
    method: str = "password",
    device: str = "",
    ip: str | None = None,
    user_agent: str = "",
) -> UserSession:
    """Notes that a device is logged in from now on."""
    moment = now()
    life = (
        timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if kind == UserSession.Kind.BROWSER
        else timedelta(days=settings.REFRESH_TOKEN_DAYS)
    )
    return UserSession.objects.create(
        user=user,
        kind=kind,
        session_key=session_key,
        method=method,
        device=(device or describe_device(user_agent))[:120],
        user_agent=user_agent[:400],
        ip=ip,
        last_seen_at=moment,
        confirmed_at=moment,
        expires_at=moment + life,
    )


def find_open_session(session_id: object, *, user_id: UUID) -> UserSession | None:
    """The session when it is that user's and still alive. Read anew each time: an ended session ends at once."""
    key = parse_id(session_id)
    if key is None:
        return None
    rows = UserSession.objects.select_related("user")
    return rows.filter(pk=key, user_id=user_id, ended_at__isnull=True, expires_at__gt=now()).first()


def touch_session(session: UserSession) -> None:
    """Keeps "last seen" true to five minutes, not to the request: a write per request would cost more than it tells."""
    moment = now()
    if session.last_seen_at < moment - SEEN_EVERY:
        UserSession.objects.filter(pk=session.pk).update(last_seen_at=moment)


def follow_browser_session(session_id: UUID | None, *, session_key: str) -> None:
    """The browser's session got another key (after a change of password): its row must know it."""
    if session_id is not None:
        UserSession.objects.filter(pk=session_id).update(session_key=session_key)


@transaction.atomic
def end_session(actor: Actor, *, session_id: UUID, reason: str = "logout") -> UserSession:
    """Ends one of the actor's own sessions (platform staff: anybody's). Ending an ended one changes nothing.

    Raises NotFound for a session of somebody else.
    """
    session = UserSession.objects.filter(pk=session_id).first()
    if session is None or not (session.user_id == actor.user_id or actor.is_platform_staff):
        raise NotFound
    return close_session(actor, lock_row(session), reason)


@transaction.atomic
def end_other_sessions(actor: Actor, *, keep_id: UUID | None) -> int:
    """Ends all sessions of the actor but `keep_id`; says how many."""
    if actor.user_id is None:
        return 0
    rows = UserSession.objects.select_for_update().filter(user_id=actor.user_id, ended_at__isnull=True).order_by("pk")
    others = [session for session in rows if session.pk != keep_id]
    for session in others:
        close_session(actor, session, "ended_by_owner")
    return len(others)


def close_session(actor: Actor, session: UserSession, reason: str) -> UserSession:
    """Ends a locked session in the caller's transaction, with the browser's session behind it."""
    if session.ended_at is not None:
        return session
    session.ended_at, session.end_reason, session.refresh_hash = now(), reason, ""
    session.save(update_fields=["ended_at", "end_reason", "refresh_hash"])
    if session.session_key:
        Session.objects.filter(session_key=session.session_key).delete()
    record(actor, "session.ended", session, data={"reason": reason})
    transaction.on_commit(partial(revoke_session, session.pk))
    return session


def forget_sessions(user: User) -> None:
    """Ends and deletes all sessions of a person who is forgotten, in the caller's transaction."""
    rows = list(UserSession.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"))
    Session.objects.filter(session_key__in=[row.session_key for row in rows if row.session_key]).delete()
    UserSession.objects.filter(user=user).delete()
    for row in rows:
        if row.ended_at is None:
            transaction.on_commit(partial(revoke_session, row.pk))
