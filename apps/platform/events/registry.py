"""Who listens to what. Filled when apps start; read when events are published and relayed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from apps.platform.events.base import Event, Origin

E = TypeVar("E", bound=Event)
Listener = Callable[[Any, Any], None]
Reaction = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class NamedReaction:
    name: str
    run: Callable[..., None]
    wants_origin: bool = False

    def __call__(self, event: Event, origin: Origin) -> None:
        if self.wants_origin:
            self.run(event, origin)
        else:
            self.run(event)


EVENTS: dict[str, type[Event]] = {}
LISTENERS: dict[str, list[Listener]] = {}
REACTIONS: dict[str, list[NamedReaction]] = {}


def declare(event_class: type[E]) -> type[E]:
    """Class decorator of every event: makes it known by its name, so that the relay can rebuild it."""
    known = EVENTS.setdefault(event_class.name, event_class)
    if known is not event_class:
        raise ValueError(f"two events are called {event_class.name}")
    return event_class


def listens(event_class: type[E]) -> Callable[[Callable[[E, Any], None]], Callable[[E, Any], None]]:
    """The function runs as fn(event, actor) in the transaction of the publisher: it holds together or not at all."""

    def register(function: Callable[[E, Any], None]) -> Callable[[E, Any], None]:
        LISTENERS.setdefault(event_class.name, []).append(function)
        return function

    return register


def reacts(event_class: type[E], *, name: str) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """The function runs as fn(event) after commit, in a worker, in a transaction of its own, once per event."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        REACTIONS.setdefault(event_class.name, []).append(NamedReaction(name, function))
        return function

    return register


def reacts_with_origin(
    event_class: type[E], *, name: str
) -> Callable[[Callable[[E, Origin], None]], Callable[[E, Origin], None]]:
    """As `reacts`, for those who must know the event's own id and time: runs as fn(event, origin)."""

    def register(function: Callable[[E, Origin], None]) -> Callable[[E, Origin], None]:
        REACTIONS.setdefault(event_class.name, []).append(NamedReaction(name, function, wants_origin=True))
        return function

    return register
