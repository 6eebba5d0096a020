"""Who acts behind the token of a partner's program: its person with fewer rights, or the program in one company."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.core.actor import Actor, ActorKind
from apps.core.errors import NotFound
from apps.platform.accounts.services.partner_clients import Grant
from apps.platform.organizations.errors import OrganizationSuspended
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.services.build_actor import build_actor


def build_partner_actor(
    grant: Grant, *, organization_id: UUID | None = None, branch_id: UUID | None = None, **origin: Any
) -> Actor:
    """The actor of a call with a partner's token. Raises what `build_actor` raises for a company that is not theirs."""
    if grant.user is None:
        return _program(grant, organization_id, branch_id, origin)
    actor = build_actor(grant.user, organization_id=organization_id, branch_id=branch_id, **origin)
    name = f"{actor.name} ({grant.client_name})"[:160]
    if grant.is_everything:
        return replace(actor, name=name)
    rights = frozenset(right for right in grant.rights if actor.can(right))
    return replace(
        actor, name=name, permissions=rights, is_platform_staff=False, is_platform_admin=False, is_limited=True
    )


def _program(grant: Grant, organization_id: UUID | None, branch_id: UUID | None, origin: dict[str, Any]) -> Actor:
    own = grant.organization_id
    if own is None or organization_id not in (None, own):
        raise NotFound
    if not Organization.objects.filter(pk=own, status=Organization.Status.ACTIVE).exists():
        raise OrganizationSuspended
    if branch_id and not Branch.objects.filter(pk=branch_id, organization_id=own, is_active=True).exists():
        raise NotFound
    return Actor(
        kind=ActorKind.DEVICE,
        name=grant.client_name,
        organization_id=own,
        branch_id=branch_id,
        branch_ids=None,
        permissions=grant.rights,
        is_limited=True,
        **origin,
    )
