"""What companies tell the world. The subject of membership events is the user: their rights may be others now."""

from dataclasses import dataclass
from typing import ClassVar

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class OrganizationCreated(Event):
    name: ClassVar[str] = "organization.created"

    kinds: list[str]


@declare
@dataclass(frozen=True, kw_only=True)
class OrganizationChanged(Event):
    name: ClassVar[str] = "organization.changed"

    fields: list[str]


@declare
@dataclass(frozen=True, kw_only=True)
class BranchAdded(Event):
    name: ClassVar[str] = "branch.added"


@declare
@dataclass(frozen=True, kw_only=True)
class BranchChanged(Event):
    name: ClassVar[str] = "branch.changed"

    fields: list[str]


@declare
@dataclass(frozen=True, kw_only=True)
class MembershipChanged(Event):
    """Somebody became a member, got another role or left; `role` is empty for those who left."""

    name: ClassVar[str] = "membership.changed"

    role: str


@declare
@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A company's own role was made, or its rights are others now."""

    name: ClassVar[str] = "role.changed"


@declare
@dataclass(frozen=True, kw_only=True)
class InvitationIssued(Event):
    """Somebody is invited, or invited again; `until` is when the link ends (ISO 8601)."""

    name: ClassVar[str] = "invitation.issued"

    until: str


@declare
@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Event):
    name: ClassVar[str] = "invitation.accepted"

    user_name: str


@declare
@dataclass(frozen=True, kw_only=True)
class AccessChanged(Event):
    """A single row (`row`, of the kind `kind`) was opened to the person, or closed."""

    name: ClassVar[str] = "access.changed"

    kind: str
    row: str
