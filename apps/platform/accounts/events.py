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
class CodeRequested(Event):
    """The subject is the request for a one-time code; the code itself is made when it is sent and told to nobody else."""

    name: ClassVar[str] = "user.code_requested"

    purpose: str


@declare
@dataclass(frozen=True, kw_only=True)
class UserSignedUp(Event):
    """The subject is the user: a customer who made an account and proved their email address."""

    name: ClassVar[str] = "user.signed_up"


@declare
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The subject is the user; all other sessions have ended."""

    name: ClassVar[str] = "user.password_changed"

    at: str


@declare
@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    """The subject is the user, who logs in by another email or phone (`kind`) from now on."""

    name: ClassVar[str] = "user.contact_changed"

    kind: str
    at: str


@declare
@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The subject is the user, who agrees to something (`kind`), or with `is_granted` false no longer does."""

    name: ClassVar[str] = "user.consent_given"

    kind: str
    is_granted: bool


@declare
@dataclass(frozen=True, kw_only=True)
class UserErased(Event):
    """The subject is the user: nothing personal is kept about them any more."""

    name: ClassVar[str] = "user.erased"
