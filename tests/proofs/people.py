"""Those who try to get in, and how they knock."""

import re
from typing import Any
from uuid import UUID

from django.test import Client
from rest_framework.test import APIClient

from apps.core.actor import Actor
from apps.core.ids import uuid7
from tests.proofs.routes import Route
from tests.proofs.worlds import Side, TwoSides
from tests.support.api import api_client
from tests.support.portal import browser_of

STRANGERS = ("nobody", "no_member", "other_owner", "other_seller")
_NOISE = re.compile(
    r'"(requestId|timestamp)":\s*"[^"]*"|nonce="[^"]*"|data-now="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*}|'
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}"
)


def actor_of(name: str, sides: TwoSides) -> Actor | None:
    """The stranger as an actor; None for people without a company."""
    return {"other_owner": sides.theirs.owner, "other_seller": sides.theirs.seller}.get(name)


def api_of(name: str, sides: TwoSides) -> APIClient:
    if name == "no_member":
        return api_client(sides.nobody)
    return api_client(actor=actor_of(name, sides))


def portal_of(name: str, sides: TwoSides) -> Client:
    if name == "no_member":
        client = Client()
        client.force_login(sides.nobody, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
        return client
    return browser_of(actor_of(name, sides))


def call(client: Any, route: Route, url: str, body: dict[str, Any] | None = None) -> Any:
    """One request as the route's kind of client sends it; a crash is an answer of 500."""
    client.raise_request_exception = False
    send = getattr(client, route.method.lower() if route.method != "ANY" else "get")
    return send(url, body or {}) if route.method != "GET" else send(url)


def text_of(answer: Any) -> str:
    """All that the answer says, headers included."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{body.decode(errors='replace')}\n{dict(answer.headers)}"


def without_noise(text: str, row_id: UUID) -> str:
    """The answer without ids, times and tokens of this one request."""
    return _NOISE.sub("…", text.replace(str(row_id), "…"))


def random_like(_row_id: UUID) -> UUID:
    """An id that nothing has."""
    return uuid7()


def leaks(answer: Any, side: Side, url: str) -> list[str]:
    """What of the side's secrets the answer tells, besides what stood in the address."""
    return side.leaks_in(text_of(answer), known=tuple(mark for mark in side.marks if mark in url))
