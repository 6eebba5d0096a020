"""Actors for tests, built the way requests build them."""

from apps.core.actor import Actor
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.services import build_actor
from tests.factories.organizations import MembershipFactory
from tests.factories.organizations import role as system_role


def actor_for(
    role: str = "owner",
    organization: Organization | None = None,
    branch: Branch | None = None,
    *,
    user: User | None = None,
) -> Actor:
    """A member with the system role `role`, of `branch` alone or of the whole company (a new garage by default)."""
    values = {"user": user} if user else {}
    if branch or organization:
        values["organization"] = organization or branch.organization
    membership = MembershipFactory(role=system_role(role), branch=branch, **values)
    return build_actor(membership.user, organization_id=membership.organization_id)
