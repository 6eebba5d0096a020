"""Refusals of companies, branches and memberships."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, Conflict, Duplicate, NotAllowed, NotFound


class OrganizationSuspended(NotAllowed):
    rule = "organization_suspended"
    message = _("This company is suspended. Please contact Baylink.")


class RightsExceeded(NotAllowed):
    rule = "rights_exceeded"
    message = _("You cannot give rights that you do not have yourself.")


class InviteFirst(BusinessError):
    """Nobody becomes a member unasked."""

    rule = "invite_first"
    message = _("This person does not work here yet. Send them an invitation.")


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


class InvitationGone(NotFound):
    """Used, expired, revoked, foreign and made-up links look the same."""

    rule = "invitation_gone"
    message = _("This invitation is not valid, or not any more. Please ask for a new one.")


class InvitationClosed(BusinessError):
    rule = "invitation_closed"
    message = _("This invitation is accepted or revoked already.")


class InvitedAnother(NotAllowed):
    rule = "invited_another"
    message = _("This invitation is for another person: log in with the account that has the invited address.")


class SetupUnfinished(Conflict):
    rule = "setup_unfinished"
    message = _("You have begun to set up a company: finish it first.")


class TooManyCompanies(BusinessError):
    rule = "too_many_companies"
    message = _("You own many companies already. Please contact Baylink for more.")
