"""Who acts, for which company and branch, with which rights."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.core.actor import Actor, ActorKind
from apps.core.errors import NotFound
from apps.platform.accounts.models import User
from apps.platform.accounts.services.second_factor import has_factor, is_demanded_of_staff
from apps.platform.organizations.errors import OrganizationSuspended
from apps.platform.organizations.models import Branch, Membership, Organization
from apps.platform.organizations.rules import calculate_reach
from apps.platform.organizations.second_factor import demands_second_factor
from apps.platform.organizations.selectors import list_memberships


def build_actor(
    user: Any,
    *,
    organization_id: UUID | None = None,
    branch_id: UUID | None = None,
    ip: str | None = None,
    user_agent: str = "",
    request_id: str = "",
    session_id: UUID | None = None,
) -> Actor:
    """The actor of `user` in the named company and branch, read from the memberships of today.

    Without `organization_id` a member of exactly one company acts in it; a member of several acts in none until they
    choose. Raises NotFound for a company or branch that the user has no business in, and OrganizationSuspended for a
    member of a suspended company who names it. A user who is not logged in or not active becomes the anonymous actor.
    Whoever needs a second factor and has none acts nowhere and may do nothing (`must_enrol`).
    """
    origin: dict[str, Any] = {"ip": ip, "user_agent": user_agent, "request_id": request_id, "session_id": session_id}
    if user is None or not user.is_authenticated or not user.is_active:
        return Actor(kind=ActorKind.ANONYMOUS, **origin)
    person = {
        **origin,
        "user_id": user.pk,
        "name": user.full_name,
        "language": user.language,
        "is_platform_staff": user.is_staff or user.is_superuser,
        "is_platform_admin": user.is_superuser,
    }
    memberships = list(list_memberships(user))
    if _must_enrol(user, memberships):
        return Actor(kind=ActorKind.USER, must_enrol=True, **_without_powers(person))
    chosen = organization_id or _only_organization(memberships)
    own = [row for row in memberships if row.organization_id == chosen]
    if chosen is None:
        kind = ActorKind.USER if memberships or person["is_platform_staff"] else ActorKind.CUSTOMER
        return Actor(kind=kind, permissions=_staff_rights(user), **person)
    if not own:
        return _enter_as_staff(user, chosen, branch_id, person)
    return _member_actor(own, chosen, branch_id, person)


def _without_powers(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "is_platform_staff": False, "is_platform_admin": False}


def _must_enrol(user: User, memberships: Sequence[Membership]) -> bool:
    """Asked with every request, so the factor itself is looked up only where one is a must."""
    is_must = demands_second_factor(memberships) or is_demanded_of_staff(user)
    return is_must and not has_factor(user)


def _only_organization(memberships: Sequence[Membership]) -> UUID | None:
    ids = {row.organization_id for row in memberships}
    return ids.pop() if len(ids) == 1 else None


def _staff_rights(user: User) -> frozenset[str]:
    return frozenset({"*"}) if user.is_superuser else frozenset()


def _enter_as_staff(user: User, organization_id: UUID, branch_id: UUID | None, person: dict[str, Any]) -> Actor:
    """Administrators of the platform act in any company; for everybody else it does not exist."""
    if not user.is_superuser:
        if Membership.objects.active().filter(user=user, organization_id=organization_id).exists():
            raise OrganizationSuspended
        raise NotFound
    if not Organization.objects.filter(pk=organization_id).exists():
        raise NotFound
    if branch_id and not Branch.objects.filter(pk=branch_id, organization_id=organization_id).exists():
        raise NotFound
    return Actor(
        kind=ActorKind.USER,
        organization_id=organization_id,
        branch_id=branch_id,
        branch_ids=None,
        permissions=_staff_rights(user),
        **person,
    )


def _member_actor(
    memberships: Sequence[Membership], organization_id: UUID, branch_id: UUID | None, person: dict[str, Any]
) -> Actor:
    everywhere = frozenset(right for row in memberships if row.branch_id is None for right in row.role.permissions)
    is_everywhere = any(row.branch_id is None for row in memberships)
    by_branch: dict[UUID, frozenset[str]] = {}
    for row in memberships:
        if row.branch_id is not None:
            by_branch[row.branch_id] = by_branch.get(row.branch_id, frozenset()) | frozenset(row.role.permissions)
    branch = _choose_branch(organization_id, branch_id, is_everywhere, sorted(by_branch))
    rights, branch_ids = calculate_reach(everywhere, by_branch, branch)
    return Actor(
        kind=ActorKind.USER,
        organization_id=organization_id,
        branch_id=branch,
        branch_ids=branch_ids,
        permissions=rights,
        roles=frozenset(row.role.code for row in memberships if row.branch_id in (None, branch)),
        **person,
    )


def _choose_branch(
    organization_id: UUID, branch_id: UUID | None, is_everywhere: bool, own: Sequence[UUID]
) -> UUID | None:
    """The named branch when it is open to the member; without a name the first own one, or none for the whole company."""
    if branch_id is None:
        return None if is_everywhere else own[0]
    if branch_id in own:
        return branch_id
    if is_everywhere and Branch.objects.filter(pk=branch_id, organization_id=organization_id, is_active=True).exists():
        return branch_id
    raise NotFound
