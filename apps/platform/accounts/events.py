"""What accounts tell the world."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class LoggedInFromNewDevice(Event):
    """The subject is the user; told when a known user comes with a browser or app never seen before."""

    name: ClassVar[str] = "user.logged_in_from_new_device"

    log_in_id: UUID
    at: str
    ip: str = ""
    user_agent: str = ""


@declare
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The subject is the user; all other sessions have ended."""

    name: ClassVar[str] = "user.password_changed"

    at: str
