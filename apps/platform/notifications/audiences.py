"""Who may get a mass mailing: groups of receivers, each declared by the app that knows the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Receiver:
    """`key` orders the receivers: a mailing that was interrupted goes on after the last one."""

    key: str
    address: str
    language: str
    name: str
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """`reachable` agreed and have an address; the others of `everybody` are left out."""

    everybody: int
    reachable: int

    @property
    def left_out(self) -> int:
        return self.everybody - self.reachable


class Audience(Protocol):
    """`type` is the message type that carries the text; its category is what people switch off."""

    code: ClassVar[str]
    type: ClassVar[str]
    label: ClassVar[Any]
    channels: ClassVar[Sequence[str]]

    def count(self, organization_id: UUID, channel: str) -> Counts:
        """How many there are now, and how many of them get the message."""
        ...

    def take(self, organization_id: UUID, channel: str, *, after: str, limit: int) -> list[Receiver]:
        """The next reachable receivers after this key, in order of key, as things stand now."""
        ...

    def agrees(self, organization_id: UUID, channel: str, address: str) -> bool:
        """Whether the reader of this address still wants them, asked when the message goes out."""
        ...

    def unsubscribe(self, organization_id: UUID, channel: str, address: str) -> None:
        """The reader of this address wants no more of them."""
        ...


AUDIENCES: dict[str, Audience] = {}


def register_audience(audience: Audience) -> None:
    """Makes a group of receivers known."""
    AUDIENCES[audience.code] = audience
