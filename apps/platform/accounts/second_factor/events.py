"""What the second factor tells the world."""

from dataclasses import dataclass
from typing import ClassVar

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """The subject is the user; `change` is what was added, removed, renewed or used (`totp_added`, …)."""

    name: ClassVar[str] = "user.second_factor_changed"

    change: str
    at: str
    ip: str = ""
    left: int = 0
