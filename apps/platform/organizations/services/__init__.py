"""Every change to companies, branches and memberships, and the actor of a request."""

from apps.platform.organizations.services.branches import add_branch, update_branch
from apps.platform.organizations.services.build_actor import build_actor
from apps.platform.organizations.services.companies import (
    create_organization,
    set_organization_status,
    update_branch_sharing,
    update_organization,
)
from apps.platform.organizations.services.grants import access_row, grant, list_grants, revoke
from apps.platform.organizations.services.invitations import (
    accept_as_new,
    accept_invitation,
    find_invitation,
    find_invited,
    invite,
    resend_invitation,
    revoke_invitation,
)
from apps.platform.organizations.services.members import add_member, add_staff, change_member, remove_member
from apps.platform.organizations.services.onboarding import (
    advance_setup,
    begin_company,
    finish_setup,
    save_first_branch,
)
from apps.platform.organizations.services.roles import (
    copy_role,
    create_role,
    delete_role,
    load_dealer_roles,
    may_copy_role,
    may_edit_role,
    role_version,
    save_matrix,
    update_role,
)

__all__ = [
    "accept_as_new",
    "accept_invitation",
    "access_row",
    "add_branch",
    "add_member",
    "add_staff",
    "advance_setup",
    "begin_company",
    "build_actor",
    "change_member",
    "copy_role",
    "create_organization",
    "create_role",
    "delete_role",
    "find_invitation",
    "find_invited",
    "finish_setup",
    "grant",
    "invite",
    "list_grants",
    "load_dealer_roles",
    "may_copy_role",
    "may_edit_role",
    "remove_member",
    "resend_invitation",
    "revoke",
    "revoke_invitation",
    "role_version",
    "save_first_branch",
    "save_matrix",
    "set_organization_status",
    "update_branch",
    "update_branch_sharing",
    "update_organization",
    "update_role",
]
