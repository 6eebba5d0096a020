"""Refusals of companies, branches and memberships."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, Duplicate, NotAllowed


class OrganizationSuspended(NotAllowed):
    rule = "organization_suspended"
    message = _("This company is suspended. Please contact Baylink.")


class RightsExceeded(NotAllowed):
    rule = "rights_exceeded"
    message = _("You cannot give rights that you do not have yourself.")


class AlreadyMember(Duplicate):
    rule = "already_member"
    message = _("This person already has this role here.")


class BranchCodeTaken(Duplicate):
    rule = "branch_code_taken"
    message = _("Another branch already has this code.")


class OrganizationCodeTaken(Duplicate):
    rule = "organization_code_taken"
    message = _("Another company already has this code or address name.")


class LastOwner(BusinessError):
    rule = "last_owner"
    message = _("A company needs at least one owner.")


class RoleInUse(BusinessError):
    rule = "role_in_use"
    message = _("Somebody has this role, or is invited to it.")


class RoleNameTaken(Duplicate):
    rule = "role_name_taken"
    message = _("Another role already has this name.")


class SystemRoleFixed(NotAllowed):
    rule = "system_role"
    message = _("This role belongs to Baylink: copy it and change the copy.")
