"""Tokens of apps: a short signed access token, and a refresh token that is good once.

The access token names the user and the session; the session is looked up at every request, so ending it ends the token.
The refresh token is `session id + secret + proof`: the first secret is random, each next one is derived from the one
before it with the server's key. Only the SHA-256 of the good one and of the one before are kept.

* The good token answers with a new pair.
* The one before it, within 10 seconds of the exchange, answers with the *same* new refresh token: an app whose network
  lost the answer, or two of its threads that refreshed at once, end up with one and the same good token.
* Any other genuine token is a token used twice, so one of its two holders is a thief: the whole session ends.
* A token that this server never made changes nothing.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.db import transaction

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.platform.accounts.errors import RefreshTokenReused, SessionEnded
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services import second_factor
from apps.platform.accounts.services.attempts import KnownDevice
from apps.platform.accounts.services.log_in import log_in
from apps.platform.accounts.services.sessions import close_session, find_open_session, open_session

GRACE = timedelta(seconds=10)
ALGORITHM = "HS256"
ISSUER = "baylink"


@dataclass(frozen=True, slots=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_in: int  # seconds that the access token lives
    session: UserSession


@dataclass(frozen=True, slots=True)
class SecondStepAsked:
    """No tokens yet: the ticket is answered with one of the methods first."""

    ticket: str
    methods: list[str]
    expires_in: int  # seconds that the ticket is good


def log_in_app(
    identifier: str,
    password: str,
    *,
    device: str = "",
    known: KnownDevice | None = None,
    ip: str | None = None,
    user_agent: str = "",
) -> TokenPair | SecondStepAsked:
    """Logs an app in on a device, or asks for the second step; `known` is who used it before. Raises what `log_in` raises."""
    user = log_in(identifier, password, ip=ip, user_agent=user_agent, device=known)
    return enter_app(user, identifier=identifier, device=device, ip=ip, user_agent=user_agent)


def enter_app(
    user: User,
    *,
    method: str = "password",
    identifier: str = "",
    device: str = "",
    ip: str | None = None,
    user_agent: str = "",
) -> TokenPair | SecondStepAsked:
    """What an app gets whose user's first step (`method`) was right: tokens, or the second step where they have one."""
    methods = second_factor.methods_of(user)
    if not methods:
        return _open_app(user, method=method, device=device, ip=ip, user_agent=user_agent)
    ticket = second_factor.begin(
        user, method=method, identifier=identifier, device=device, ip=ip, user_agent=user_agent
    )
    return SecondStepAsked(ticket, methods, int(second_factor.TICKET_GOOD_FOR.total_seconds()))


def finish_app(
    ticket: str,
    method: str,
    answer: Any,
    *,
    known: KnownDevice | None = None,
    ip: str | None = None,
    user_agent: str = "",
    origin: str = "",
) -> TokenPair:
    """The tokens for a right second step. Raises what `second_factor.finish` raises."""
    step = second_factor.finish(ticket, method, answer, ip=ip, user_agent=user_agent, origin=origin, device=known)
    return _open_app(step.user, method=method, device=step.device, ip=ip, user_agent=user_agent)


def _open_app(user: User, *, method: str, device: str, ip: str | None, user_agent: str) -> TokenPair:
    session = open_session(user, kind=UserSession.Kind.APP, method=method, device=device, ip=ip, user_agent=user_agent)
    return issue_tokens(session)


def issue_tokens(session: UserSession) -> TokenPair:
    """The first pair of a new app session."""
    refresh = _compose(session.pk, secrets.token_bytes(32))
    session.refresh_hash, session.refreshed_at = hash_token(refresh), now()
    session.save(update_fields=["refresh_hash", "refreshed_at"])
    return _pair(session, refresh)


def rotate_refresh_token(token: str, *, ip: str | None = None) -> TokenPair:
    """A new pair for a refresh token.

    Raises SessionEnded for an unknown, forged or dead token, and RefreshTokenReused, ending the session, for one that
    was already exchanged.
    """
    session_id = _session_of(token)
    if session_id is None:
        raise SessionEnded
    with transaction.atomic():
        answer = _rotate(session_id, token, ip)
    if answer is None:
        raise RefreshTokenReused
    return answer


def _rotate(session_id: UUID, token: str, ip: str | None) -> TokenPair | None:
    """None when the token was used before; the end of the session must outlive the refusal, so it is no exception."""
    session = UserSession.objects.select_for_update(of=("self",)).select_related("user").filter(pk=session_id).first()
    moment = now()
    if session is None or session.ended_at or session.expires_at <= moment or not session.user.is_active:
        raise SessionEnded
    following = _compose(session.pk, _hmac("refresh-next", token.encode()))
    given = hash_token(token)
    if hmac.compare_digest(given, session.refresh_hash):
        session.previous_refresh_hash, session.refresh_hash = given, hash_token(following)
        session.refreshed_at = session.last_seen_at = moment
        session.expires_at = moment + timedelta(days=settings.REFRESH_TOKEN_DAYS)
        session.ip = ip or session.ip
        session.save(
            update_fields=[
                "previous_refresh_hash",
                "refresh_hash",
                "refreshed_at",
                "last_seen_at",
                "expires_at",
                "ip",
            ]
        )
        return _pair(session, following)
    is_repeat = hmac.compare_digest(given, session.previous_refresh_hash)
    if is_repeat and session.refreshed_at and moment - session.refreshed_at <= GRACE:
        return _pair(session, following)
    close_session(_owner(session.user, ip), session, reason="refresh_token_reused")
    return None


def read_access_token(token: str) -> UserSession:
    """The living session of an access token, with its user. Raises SessionEnded for anything else."""
    try:
        claims = jwt.decode(
            token,
            _key("access-token"),
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"require": ["exp", "sub", "sid"]},
        )
        user_id = UUID(claims["sub"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise SessionEnded from error
    session = find_open_session(claims["sid"], user_id=user_id)
    if session is None or not session.user.is_active:
        raise SessionEnded
    return session


def _pair(session: UserSession, refresh: str) -> TokenPair:
    seconds = settings.ACCESS_TOKEN_MINUTES * 60
    moment = now()
    claims = {
        "iss": ISSUER,
        "sub": str(session.user_id),
        "sid": str(session.pk),
        "iat": moment,
        "exp": moment + timedelta(seconds=seconds),
    }
    access = jwt.encode(claims, _key("access-token"), algorithm=ALGORITHM)
    return TokenPair(access_token=access, refresh_token=refresh, expires_in=seconds, session=session)


def _compose(session_id: UUID, secret: bytes) -> str:
    body = session_id.bytes + secret
    return base64.urlsafe_b64encode(body + _hmac("refresh-proof", body)[:16]).decode().rstrip("=")


def _session_of(token: str) -> UUID | None:
    """The session that a genuine refresh token belongs to; None for a token that this server never made."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    body, proof = raw[:48], raw[48:]
    if len(raw) != 64 or not hmac.compare_digest(proof, _hmac("refresh-proof", body)[:16]):
        return None
    return UUID(bytes=body[:16])


def _key(purpose: str) -> bytes:
    """One key per purpose, so that a signature made for one is worth nothing for another."""
    return hmac.new(settings.SECRET_KEY.encode(), f"baylink.{purpose}".encode(), hashlib.sha256).digest()


def _hmac(purpose: str, data: bytes) -> bytes:
    return hmac.new(_key(purpose), data, hashlib.sha256).digest()


def _owner(user: User, ip: str | None) -> Actor:
    return Actor(kind=ActorKind.USER, user_id=user.pk, name=user.full_name, ip=ip)
