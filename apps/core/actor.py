"""Who acts: built once per request, socket message or job, and handed to every service first.

An actor acts in at most one organization. `branch_ids` is None when all branches of it are open to them. Rights are
`area.action` codes; `*` stands for all. Nobody has a right by default.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from apps.core.errors import NotAllowed, SecondFactorRequired


class ActorKind(StrEnum):
    USER = "user"
    CUSTOMER = "customer"  # logged in, but no member of the organization
    LINK = "link"  # came through a single-purpose link, not logged in
    DEVICE = "device"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    user_id: UUID | None = None
    name: str = ""
    organization_id: UUID | None = None
    branch_id: UUID | None = None
    branch_ids: frozenset[UUID] | None = frozenset()
    permissions: frozenset[str] = frozenset()
    is_platform_staff: bool = False
    is_platform_admin: bool = False  # a superuser; the `*` of a company's owner holds in that company alone
    language: str = "vi"
    ip: str | None = None
    user_agent: str = ""
    request_id: str = ""
    session_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    is_limited: bool = False  # a program of a partner: does what its scopes name, nothing that is personal
    must_enrol: bool = False  # needs a second factor and has none: may do nothing but set one up

    def can(self, permission: str) -> bool:
        """Whether this actor has the right `area.action` (in their organization)."""
        area = permission.partition(".")[0]
        return "*" in self.permissions or permission in self.permissions or f"{area}.*" in self.permissions

    def require(self, permission: str) -> None:
        """Raises NotAllowed without the right, SecondFactorRequired for those who must set up a second factor first."""
        if self.must_enrol:
            raise SecondFactorRequired
        if not self.can(permission):
            raise NotAllowed(details={"permission": permission})

    def administers_platform(self) -> bool:
        """Whether this is an administrator of the platform, or the platform itself."""
        return self.is_platform_admin or self.kind is ActorKind.SYSTEM

    def require_platform_admin(self) -> None:
        """Raises NotAllowed for all but administrators of the platform, whatever company they own."""
        if self.must_enrol:
            raise SecondFactorRequired
        if not self.administers_platform():
            raise NotAllowed

    def reaches_branch(self, branch_id: UUID | None) -> bool:
        """Whether rows of this branch are open to the actor; rows of no branch are open to all of the organization."""
        return branch_id is None or self.branch_ids is None or branch_id in self.branch_ids

    def require_organization(self) -> UUID:
        """The organization in which the actor acts; raises NotAllowed for those who act in none."""
        if self.organization_id is None:
            raise NotAllowed
        return self.organization_id

    def require_user(self) -> UUID:
        """The person who acts; raises NotAllowed when nobody is logged in."""
        if self.user_id is None:
            raise NotAllowed
        return self.user_id

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    def within(self, organization_id: UUID, *, branch_id: UUID | None = None) -> "Actor":
        """The same person reaching into another organization on which they have no rights (a buyer at a seller)."""
        return replace(
            self, organization_id=organization_id, branch_id=branch_id, branch_ids=frozenset(), permissions=frozenset()
        )


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)


def system_actor(organization_id: UUID | None = None, *, name: str = "system", branch_id: UUID | None = None) -> Actor:
    """The platform itself acting inside one organization (jobs, webhooks, reactions to events)."""
    return Actor(
        kind=ActorKind.SYSTEM,
        name=name,
        organization_id=organization_id,
        branch_id=branch_id,
        branch_ids=None,
        permissions=frozenset({"*"}),
    )


def visitor_actor(
    organization_id: UUID,
    permissions: frozenset[str],
    *,
    kind: ActorKind = ActorKind.ANONYMOUS,
    name: str = "",
    language: str = "vi",
    ip: str | None = None,
    user_agent: str = "",
    request_id: str = "",
) -> Actor:
    """Somebody without a log-in at one company's public page or behind a link: may do just what is named."""
    return Actor(
        kind=kind,
        name=name,
        organization_id=organization_id,
        branch_ids=None,
        permissions=permissions,
        language=language,
        ip=ip,
        user_agent=user_agent,
        request_id=request_id,
    )
