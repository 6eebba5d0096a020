"""What the pages need of the platform, given by functions that `config` puts in here: the core knows no tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.core.actor import Actor


@dataclass(frozen=True)
class Place:
    """A company (and its branches) in which a person may act."""

    organization_id: UUID
    name: str
    kinds: frozenset[str] = frozenset()
    branches: tuple[tuple[UUID, str], ...] = ()
    currency: str = "VND"
    brand_color: str = ""
    logo_url: str = ""


def _no_places(request: HttpRequest) -> Sequence[Place]:
    return ()


def _no_count(actor: Actor) -> int:
    return 0


def _no_messages(actor: Actor) -> Sequence[Any]:
    return ()


def _no_timeline(entity_type: str, entity_id: UUID) -> Sequence[Any]:
    return ()


def _no_marking(actor: Actor) -> None:
    return None


@dataclass
class Providers:
    """The functions in force; each may be replaced once at start."""

    places: Callable[[HttpRequest], Sequence[Place]] = _no_places
    unread_count: Callable[[Actor], int] = _no_count
    recent_messages: Callable[[Actor], Sequence[Any]] = _no_messages
    mark_read: Callable[[Actor], None] = _no_marking
    timeline: Callable[[str, UUID], Sequence[Any]] = _no_timeline


providers = Providers()


def list_places(request: HttpRequest) -> list[Place]:
    """The person's companies, asked once per request."""
    if not hasattr(request, "_places"):
        request._places = list(providers.places(request))  # type: ignore[attr-defined]
    return request._places  # type: ignore[attr-defined,no-any-return]


def find_place(request: HttpRequest, actor: Actor) -> Place | None:
    """The company in which the actor acts now, or None."""
    places = list_places(request) if actor.organization_id else []
    return next((place for place in places if place.organization_id == actor.organization_id), None)
