"""What log-ins through other providers tell the world."""

from dataclasses import dataclass
from typing import ClassVar

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class IdentityLinked(Event):
    """The subject is the user; their account can be opened through `provider` from now on."""

    name: ClassVar[str] = "user.identity_linked"

    provider: str
    at: str
    ip: str = ""
