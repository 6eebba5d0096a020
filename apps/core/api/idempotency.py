"""Idempotency-Key: the same request sent twice acts once. Where answers are kept is the store's affair."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from apps.core.actor import Actor
from apps.core.errors import BadInput

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_LONGEST = 128


class Answer(NamedTuple):
    status: int
    body: Any


class Claim(Protocol):
    """The right to run a request; `answer` is set when it ran before."""

    answer: Answer | None

    def keep(self, answer: Answer) -> None:
        """Keeps the answer for 24 hours."""

    def release(self) -> None:
        """Forgets the request: the next one runs anew."""


class Store(Protocol):
    def claim(self, scope: str, key: str, request_hash: str) -> Claim:
        """Raises KeyReused for another content, KeyInFlight while the first request runs."""


class _Registry:
    store: Store | None = None


def use_store(store: Store) -> None:
    """Called once at start by the app that keeps the answers."""
    _Registry.store = store


def claim(request: Request, actor: Actor) -> Claim | None:
    """The claim for the request's key; None when it has no key."""
    key = request.headers.get(HEADER)
    if key is None or _Registry.store is None:
        return None
    if not (0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()):
        raise BadInput(_("An Idempotency-Key has 1 to 128 printable characters."), field=HEADER)
    return _Registry.store.claim(scope_of(request, actor), key, hash_of(request))


def scope_of(request: Request, actor: Actor) -> str:
    """Keys of different callers, companies and addresses never meet."""
    parts = [str(actor.user_id or "anonymous"), str(actor.organization_id or ""), request.path]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def hash_of(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    data = request.data
    if isinstance(data, QueryDict):
        for name in sorted(data):
            for value in data.getlist(name):
                _add(digest, name, value)
    else:
        digest.update(json.dumps(data, sort_keys=True, separators=(",", ":"), default=str).encode())
    return digest.hexdigest()


def _add(digest: Any, name: str, value: Any) -> None:
    digest.update(f"{name}=".encode())
    if isinstance(value, UploadedFile):
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
    else:
        digest.update(str(value).encode())


def as_plain(rendered: bytes) -> Any:
    """A rendered body as the store keeps it."""
    return json.loads(rendered) if rendered else None


def headers_of_replay() -> Mapping[str, str]:
    return {REPLAYED: "true"}
