"""Reads of companies, branches, roles and memberships."""

from uuid import UUID

from django.db.models import Q

from apps.platform.accounts.models import User
from apps.platform.organizations.models import Membership
from apps.platform.organizations.rules import grants


def list_memberships(user: User) -> "list[Membership]":
    """The memberships of `user` that hold today, in active companies and branches, with company, branch and role."""
    rows = (
        Membership.objects.active()
        .of_active_companies()
        .filter(user=user)
        .select_related("organization", "branch", "role")
        .order_by("organization__name", "branch__name", "pk")
    )
    return list(rows)


def users_with_permission(organization_id: UUID, permission: str, *, branch_id: UUID | None = None) -> list[User]:
    """The active people of a company who hold `permission`; with `branch_id` those who hold it in that branch."""
    rows = (
        Membership.objects.active()
        .of_active_companies()
        .filter(organization_id=organization_id, user__is_active=True)
        .select_related("user", "role")
        .order_by("user__created_at", "pk")
    )
    if branch_id is not None:
        rows = rows.filter(Q(branch__isnull=True) | Q(branch_id=branch_id))
    people = {row.user_id: row.user for row in rows if grants(row.role.permissions, permission)}
    return list(people.values())
