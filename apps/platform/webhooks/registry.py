"""The public catalogue: which events companies may be told of, and what of each event is told.

An app offers its events in its module `webhooks`, found by its name when the apps start. Nothing is public by itself:
an event that no app offers never leaves, and of an offered one only the named fields do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from apps.platform.events.base import Event, Origin
from apps.platform.events.registry import reacts_with_origin


@dataclass(frozen=True, slots=True)
class PublicField:
    """One value of the message: its name there, the event's attribute, and what it means."""

    name: str
    source: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Message:
    """What one company is told."""

    organization_id: UUID
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """`permission` is what somebody must be allowed to see in order to subscribe."""

    name: str
    label: Any
    permission: str
    fields: tuple[PublicField, ...]
    messages: Callable[[Any], Sequence[Message]]


class Queue(Protocol):
    """What happens with the messages of an event."""

    def __call__(self, name: str, messages: Sequence[Message], origin: Origin) -> None: ...


CATALOGUE: dict[str, PublicEvent] = {}
_queues: list[Queue] = []


def send_through(queue: Queue) -> None:
    """Names who queues messages; said once, when the app starts."""
    _queues[:] = [queue]


def offer(
    event_class: type[Event],
    *,
    label: Any,
    permission: str,
    fields: Iterable[tuple[str, str, str]],
    sides: Callable[[Any], Mapping[str, UUID | None]] | None = None,
) -> PublicEvent:
    """Makes an event public. `fields` are (name in the message, attribute of the event, meaning).

    Normally the event's own company is told. With `sides` (side → company) each of them is, and its message says in
    `side` which of them it is.
    """
    shown = tuple(PublicField(*field) for field in fields)

    def messages(event: Any) -> list[Message]:
        data = {field.name: _plain(getattr(event, field.source)) for field in shown}
        if sides is None:
            return [Message(event.organization_id, data)] if event.organization_id else []
        told = sides(event).items()
        return [Message(company, {**data, "side": side}) for side, company in told if company is not None]

    described = shown
    if sides is not None:
        described = (*shown, PublicField("side", "", "which side of the document your company is"))
    public = PublicEvent(event_class.name, label, permission, described, messages)
    if CATALOGUE.setdefault(public.name, public) is not public:
        raise ValueError(f"{public.name} is offered twice")

    @reacts_with_origin(event_class, name="webhooks.queue")
    def queue(event: Any, origin: Origin) -> None:
        for send in _queues:
            send(public.name, public.messages(event), origin)

    return public


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
