"""Invitations in the portal: the list with its buttons, and the form."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column, capitalize
from apps.core.portal.detail import DetailScreen
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.platform.accounts.phones import format_phone
from apps.platform.organizations import selectors, services
from apps.platform.organizations.forms import InviteForm
from apps.platform.organizations.models import Invitation
from apps.platform.organizations.permissions import STAFF_INVITE
from apps.platform.organizations.roles import role_label


def _address(row: Invitation) -> str:
    return row.email or format_phone(row.phone)


def _branch(row: Invitation) -> str:
    return row.branch.name if row.branch else str(_("All branches"))


def _state(row: Invitation) -> str:
    return capitalize(row.get_state_display())


class InvitationList(ListScreen):
    """Who was invited, by whom, and what became of it."""

    permission = STAFF_INVITE
    title = _("Invitations")
    selector = staticmethod(selectors.list_invitations)
    columns = (
        Column("address", _("Email or phone"), value=_address, sub="name"),
        Column("role", _("Role"), value=lambda row: role_label(row.role), sort="role__code"),
        Column("branch", _("Branch"), value=_branch, sort="branch__name"),
        Column("state", _("State"), value=_state),
        Column("expires_at", _("Good until"), kind="datetime", sort="expires_at"),
        Column("invited_by", _("Invited by"), value="invited_by.full_name"),
    )
    search = ("email", "phone", "name")
    search_placeholder = _("Name, phone or email")
    empty = Empty(_("Nobody is invited"), _("Invite people by email or SMS: the link is good for 72 hours."), "mail")

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:invitation", args=[row.pk])


def _describe(_actor: Actor, row: Invitation) -> dict[str, Any]:
    return {"role": role_label(row.role), "branch": _branch(row), "state": _state(row), "address": _address(row)}


class InvitationPage(DetailScreen):
    permission = STAFF_INVITE
    selector = staticmethod(selectors.list_invitations)
    fragments = (Fragment("facts", "organizations/invitation.html", _describe),)
    list_label = _("Invitations")

    def get_title(self) -> str:
        return _address(self.instance)

    def get_subtitle(self) -> str:
        return f"{role_label(self.instance.role)} · {_branch(self.instance)}"


class InviteScreen(FormScreen):
    permission = STAFF_INVITE
    title = _("Invite")
    form_class = InviteForm
    submit_label = _("Send invitation")
    done = _("The invitation is on its way.")

    def save(self, data: Mapping[str, Any]) -> Invitation:
        return services.invite(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:invitations")


def _can_end(row: Invitation, _actor: Actor) -> bool:
    return row.state in (Invitation.State.OPEN, Invitation.State.EXPIRED)


def build_urls(key: str) -> list[URLPattern]:
    """The invitation screens of the portal `key`."""
    place = {"portal": key}
    ask = Button(_("Invite"), f"{key}:invite", icon="send", permission=STAFF_INVITE, opens="drawer")
    actions = {
        "resend": ActionHandler(
            services.resend_invitation,
            label=_("Send again"),
            icon="rotate-ccw",
            variant="primary",
            when=_can_end,
            done=_("A new link is on its way."),
        ),
        "revoke": ActionHandler(
            services.revoke_invitation,
            label=_("Revoke"),
            icon="ban",
            variant="danger",
            when=_can_end,
            confirm=_("Revoke this invitation? Its link is dead from now on."),
            done=_("Revoked."),
        ),
    }
    invitations = type("Invitations", (InvitationList,), {**place, "primary": ask})
    page = type("Page", (InvitationPage,), {**place, "actions": actions, "list_url_name": f"{key}:invitations"})
    invite = type("Invite", (InviteScreen,), {**place, "cancel_url_name": f"{key}:invitations"})
    return [
        invitations.path("staff/invitations/", "invitations"),
        invite.path("staff/invitations/add/", "invite"),
        *page.urls("staff/invitations/<uuid:id>/", "invitation"),
    ]
