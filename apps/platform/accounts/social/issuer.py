"""One OpenID Connect issuer: its addresses and keys (kept for an hour), the exchange of codes, the check of tokens.

OpenID Connect Core 1.0 (3.1.2.1, 3.1.3.7), Discovery 1.0, PKCE (RFC 7636). Speaks HTTP: never call it in a transaction.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from apps.platform.accounts.social.errors import IdentityProviderAway, IdentityRefused

# Signatures by a published key only: neither `none` nor a shared secret.
ALGORITHMS = ("RS256", "ES256")
KEPT_SECONDS = 3600
LEEWAY_SECONDS = 30
TIMEOUT = httpx.Timeout(8, connect=4)
SCOPE = "openid email profile"
PROVIDER = "google"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider, checked."""

    subject: str
    email: str
    is_email_verified: bool
    first_name: str
    last_name: str
    token: str


@dataclass(frozen=True, slots=True)
class Journey:
    """What the browser's session keeps between leaving and coming back."""

    url: str
    state: str
    nonce: str
    verifier: str


def is_offered() -> bool:
    """Whether this installation is known to the provider."""
    return bool(settings.GOOGLE_CLIENT_ID)


def provider_name() -> str:
    """The name on the button, or nothing when nobody is offered this way in."""
    return settings.LOG_IN_PROVIDER_NAME if is_offered() else ""


def start(redirect_uri: str) -> Journey:
    """Where to send the browser. Raises IdentityProviderAway."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _part in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": settings.GOOGLE_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Journey(f"{_address('authorization_endpoint')}?{urlencode(query)}", state, nonce, verifier)


def exchange(code: str, *, verifier: str, nonce: str, redirect_uri: str) -> Identity:
    """Who came back with this code. Raises IdentityRefused, IdentityProviderAway."""
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": settings.GOOGLE_CLIENT_ID,
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
    }
    try:
        response = httpx.post(_address("token_endpoint"), data=body, timeout=TIMEOUT)
        if response.status_code >= 500:
            raise IdentityProviderAway
        token = response.json().get("id_token") if response.status_code == 200 else None
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        raise IdentityProviderAway from error
    if not isinstance(token, str):
        raise IdentityRefused
    return read_identity(token, nonce=nonce, audiences=[settings.GOOGLE_CLIENT_ID])


def read_identity(token: str, *, nonce: str, audiences: list[str] | None = None) -> Identity:
    """The person whom a genuine token names: signature, issuer, audience, times and nonce are checked.

    Raises IdentityRefused, IdentityProviderAway.
    """
    known = audiences or [settings.GOOGLE_CLIENT_ID, *settings.GOOGLE_APP_CLIENT_IDS]
    if not is_offered() or not nonce:
        raise IdentityRefused
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise IdentityRefused
        claims = jwt.decode(
            token,
            _find_key(str(header.get("kid", ""))),
            algorithms=ALGORITHMS,
            audience=known,
            issuer=_issuers(),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise IdentityRefused from error
    _check_claims(claims, nonce, known)
    return Identity(
        subject=str(claims["sub"])[:190],
        email=str(claims.get("email") or "").strip().lower(),
        is_email_verified=claims.get("email_verified") in (True, "true"),
        first_name=str(claims.get("given_name") or claims.get("name") or "")[:80],
        last_name=str(claims.get("family_name") or "")[:80],
        token=token,
    )


def _check_claims(claims: dict[str, Any], nonce: str, known: list[str]) -> None:
    has_nonce = hmac.compare_digest(str(claims.get("nonce") or "").encode(), nonce.encode())
    party = claims.get("azp")
    is_for_many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if not has_nonce or not claims["sub"] or (is_for_many and not party) or (party and party not in known):
        raise IdentityRefused


def _issuers() -> list[str]:
    """Google writes its name with and without the scheme."""
    issuer = settings.LOG_IN_ISSUER
    return [issuer, "accounts.google.com"] if issuer == "https://accounts.google.com" else [issuer]


def _address(name: str) -> str:
    found = _kept("configuration", _fetch_configuration).get(name)
    if not isinstance(found, str):
        raise IdentityProviderAway
    return found


def _fetch_configuration() -> dict[str, Any]:
    found = _get_json(f"{settings.LOG_IN_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.LOG_IN_ISSUER:
        raise IdentityProviderAway
    return found


def _find_key(kid: str) -> Any:
    """The published key with this id. Keys are changed now and then, so an unknown one is asked for once a minute."""

    def fetch() -> Any:
        return _get_json(_address("jwks_uri"))

    keys = _kept("keys", fetch)
    if kid not in _names(keys) and _may_ask_again():
        keys = _kept("keys", fetch, is_fresh=True)
    for key in keys.get("keys", []):
        if isinstance(key, dict) and key.get("kid", "") == kid and key.get("use", "sig") == "sig":
            return jwt.PyJWK(key).key
    raise IdentityRefused


def _names(keys: dict[str, Any]) -> set[str]:
    return {key.get("kid", "") for key in keys.get("keys", []) if isinstance(key, dict)}


def _get_json(url: str) -> dict[str, Any]:
    try:
        response = httpx.get(url, timeout=TIMEOUT)
        response.raise_for_status()
        found = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise IdentityProviderAway from error
    if not isinstance(found, dict):
        raise IdentityProviderAway
    return found


def _kept(name: str, fetch: Callable[[], dict[str, Any]], *, is_fresh: bool = False) -> dict[str, Any]:
    """What was fetched within the last hour; without Redis it is fetched each time."""
    key = _cache_key(name)
    try:
        found: dict[str, Any] | None = None if is_fresh else cache.get(key)
        if found is None:
            found = fetch()
            cache.set(key, found, KEPT_SECONDS)
    except (RedisError, OSError):
        return fetch()
    return found


def _may_ask_again() -> bool:
    try:
        return bool(cache.add(_cache_key("asked"), 1, 60))
    except (RedisError, OSError):
        return True


def _cache_key(name: str) -> str:
    return f"issuer:{hashlib.sha256(settings.LOG_IN_ISSUER.encode()).hexdigest()[:16]}:{name}"
