"""Every change to companies, branches and memberships, and the actor of a request."""

from apps.platform.organizations.services.branches import add_branch, update_branch
from apps.platform.organizations.services.build_actor import build_actor
from apps.platform.organizations.services.companies import (
    create_organization,
    set_organization_status,
    update_organization,
)
from apps.platform.organizations.services.members import add_member, add_staff, change_member, remove_member

__all__ = [
    "add_branch",
    "add_member",
    "add_staff",
    "build_actor",
    "change_member",
    "create_organization",
    "remove_member",
    "set_organization_status",
    "update_branch",
    "update_organization",
]
