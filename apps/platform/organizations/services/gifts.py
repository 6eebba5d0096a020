"""Giving roles: nobody gives rights, or a reach, beyond their own."""

from django.utils import translation

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.platform.organizations.errors import RightsExceeded
from apps.platform.organizations.models import Branch, Membership, Role
from apps.platform.organizations.roles import is_giveable, role_label
from apps.platform.organizations.rules import covers


def check_gift(actor: Actor, role: Role, branch: Branch | None) -> None:
    """Raises NotFound for another company's role or branch, RightsExceeded for more than the actor holds there."""
    if role.organization_id not in (None, actor.organization_id) or not is_giveable(role):
        raise NotFound
    reaches = actor.branch_ids is None if branch is None else actor.reaches_branch(branch.pk)
    if not reaches or not covers(actor.permissions, role.permissions):
        raise RightsExceeded(field="role")
    if branch is not None and branch.organization_id != actor.organization_id:
        raise NotFound


def describe_membership(membership: Membership) -> dict[str, str]:
    """Who works as what and where, for the log, in the company's language."""
    with translation.override(membership.organization.language):
        role_name = role_label(membership.role)
    return {
        "name": membership.user.full_name,
        "role": membership.role.code,
        "role_name": role_name,
        "branch": membership.branch.name if membership.branch else "",
    }
