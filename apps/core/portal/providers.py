"""What the pages need of the platform, given by functions that `config` puts in here: the core knows no tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.core.actor import Actor


@dataclass
class Place:
    """A company, or one branch of it, in which a person may act."""

    id: UUID
    organization: str
    kinds: frozenset[str] = frozenset()
    branch_id: UUID | None = None
    branch: str = ""
    role: Any = ""
    currency: str = "VND"
    active: bool = False


@dataclass
class Providers:
    """The functions in force, each replaced once at start; these defaults know nothing."""

    places: Callable[[HttpRequest], Sequence[Place]] = lambda request: ()
    unread_count: Callable[[Actor], int] = lambda actor: 0
    picture: Callable[[HttpRequest], str] = lambda request: ""
    timeline: Callable[[str, UUID], Sequence[Any]] = lambda entity_type, entity_id: ()
    act_in: Callable[[HttpRequest, UUID | None], Actor] = lambda request, organization_id: request.actor
    note: Callable[[Actor, str, Any, Sequence[str]], None] = lambda actor, action, row, fields: None
    live_numbers: Callable[[Sequence[str]], str] = lambda topics: ""
    viewed: Callable[[Actor, Any], None] = lambda actor, row: None
    exported: Callable[[Actor, str, int, str], None] = lambda actor, what, rows, kind: None
    changes: Callable[[Actor, Any], Sequence[Any]] = lambda actor, row: ()


providers = Providers()


def list_places(request: HttpRequest) -> list[Place]:
    """The places of the person who asks, the present one marked; asked once per request."""
    known: list[Place] | None = getattr(request, "known_places", None)
    if known is None:
        known = list(providers.places(request))
        _mark(known, getattr(request, "actor", None))
        request.known_places = known
    return known


def list_kinds(request: HttpRequest, actor: Actor) -> frozenset[str]:
    """The kinds of the organization in which the actor acts."""
    own = (place.kinds for place in list_places(request) if place.id == actor.organization_id)
    return frozenset().union(*own) if actor.organization_id else frozenset()


def _mark(places: Sequence[Place], actor: Actor | None) -> None:
    if actor is None or actor.organization_id is None:
        return
    own = [place for place in places if place.id == actor.organization_id]
    chosen = next((place for place in own if place.branch_id == actor.branch_id), own[0] if own else None)
    if chosen is not None:
        chosen.active = True
