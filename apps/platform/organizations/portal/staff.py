"""Who works here: the list, one person's membership, and adding a colleague."""

from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import BoolFilter, ForeignFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.platform.accounts.phones import format_phone
from apps.platform.organizations import selectors, services
from apps.platform.organizations.forms import AddPlaceForm, CloseRowForm, MemberForm, OpenRowForm
from apps.platform.organizations.models import Membership
from apps.platform.organizations.permissions import STAFF_EDIT, STAFF_INVITE, STAFF_VIEW
from apps.platform.organizations.roles import role_label


def _branch_of(row: Membership) -> str:
    return row.branch.name if row.branch else str(_("All branches"))


def _branches(actor: Actor) -> list[tuple[Any, str]]:
    return [(row.pk, row.name) for row in selectors.list_branches(actor)]


def _roles(actor: Actor) -> list[tuple[Any, str]]:
    return [(row.pk, role_label(row)) for row in selectors.list_roles(actor)]


def _describe_member(actor: Actor, row: Membership) -> dict[str, Any]:
    others = selectors.list_staff(actor).filter(user_id=row.user_id).exclude(pk=row.pk)
    return {
        "phone": format_phone(row.user.phone),
        "others": [{"role": role_label(other.role), "branch": _branch_of(other), "row": other} for other in others],
    }


class StaffList(ListScreen):
    """Who works here, as what and where."""

    permission = STAFF_VIEW
    title = _("Staff")
    selector = staticmethod(selectors.list_staff)
    columns = (
        Column(
            "person",
            _("Name"),
            value="user.full_name",
            sub="title",
            sort=("user__last_name", "user__first_name"),
        ),
        Column("role", _("Role"), value=lambda row: role_label(row.role), sort="role__code"),
        Column("branch", _("Branch"), value=_branch_of, sort="branch__name"),
        Column("phone", _("Phone"), value=lambda row: format_phone(row.user.phone)),
        Column("email", _("Email"), value="user.email"),
        Column("active_from", _("First day"), kind="date", sort="active_from", is_default=False),
        Column("active_to", _("Last day"), kind="date", sort="active_to", is_default=False),
        Column("state", _("State"), value=lambda row: row.state_label),
    )
    filters = (
        ForeignFilter("branch", _("Branch"), choose=_branches),
        ForeignFilter("role", _("Role"), choose=_roles),
        BoolFilter("now", _("Works here today"), only=lambda _actor: Membership.holds_on()),
    )
    search = staticmethod(selectors.search_staff)
    search_placeholder = _("Name, phone or email")
    default_sort = "person"
    empty = Empty(_("Nobody here yet"), _("Invite the people who work with you."), icon="users")

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:staff-member", args=[row.pk])


def _describe_access(actor: Actor, row: Membership) -> dict[str, Any]:
    return {"grants": [{"label": entry.label, "row": thing} for entry, thing in services.list_grants(actor, row.user)]}


class StaffMember(DetailScreen):
    """One membership: person, role, branch, and what happened to it."""

    logs_view = True
    permission = STAFF_VIEW
    selector = staticmethod(selectors.list_staff)
    fragments = (
        Fragment("facts", "organizations/member.html", _describe_member),
        Fragment("access", "organizations/access.html", _describe_access, permission=STAFF_EDIT),
    )
    list_label = _("Staff")

    def get_title(self) -> str:
        return str(self.instance.user.full_name)

    def get_subtitle(self) -> str:
        return f"{role_label(self.instance.role)} · {_branch_of(self.instance)}"


def add_place(actor: Actor, membership: Membership, **data: Any) -> Membership:
    """The same person gets another role, or works in another branch too."""
    return services.add_member(actor, user=membership.user, **data)


def open_row(actor: Actor, membership: Membership, *, row: str) -> None:
    """Opens a single row (`kind:id`) to the person."""
    entry, thing = services.access_row(actor, *row.split(":", 1))
    services.grant(actor, membership.user, entry.right, thing)


def close_row(actor: Actor, membership: Membership, *, row: str) -> None:
    """Closes a single row to the person again."""
    entry, thing = services.access_row(actor, *row.split(":", 1))
    services.revoke(actor, membership.user, entry.right, thing)


def build_actions(key: str) -> dict[str, ActionHandler]:
    """The buttons on the page of a member in the portal `key`."""
    return {
        "change": ActionHandler(
            services.change_member,
            form=MemberForm,
            label=_("Change"),
            icon="pencil",
            permission=STAFF_EDIT,
            initial=MemberForm.initial_of,
            done=_("Saved."),
        ),
        "add": ActionHandler(
            add_place,
            form=AddPlaceForm,
            label=_("Add a role"),
            icon="user-plus",
            permission=STAFF_EDIT,
            done=_("Added."),
        ),
        "open": ActionHandler(
            open_row,
            form=OpenRowForm,
            label=_("Give access"),
            icon="key-round",
            permission=STAFF_EDIT,
            done=_("Opened."),
        ),
        "close": ActionHandler(
            close_row,
            form=CloseRowForm,
            label=_("Take access back"),
            icon="ban",
            permission=STAFF_EDIT,
            when=lambda row, actor: actor.can(STAFF_EDIT) and bool(services.list_grants(actor, row.user)),
            done=_("Closed."),
        ),
        "remove": ActionHandler(
            services.remove_member,
            label=_("Remove from the company"),
            icon="user-minus",
            permission=STAFF_EDIT,
            variant="danger",
            confirm=_("Remove this person from the company? Their account stays, their rights here end now."),
            go_to=lambda _result: reverse(f"{key}:staff"),
            done=_("Removed."),
        ),
    }


def build_urls(key: str) -> list[URLPattern]:
    """The staff screens of the portal `key`."""
    place = {"portal": key}
    invitations = Button(
        _("Invitations"), f"{key}:invitations", icon="mail", permission=STAFF_INVITE, variant="secondary"
    )
    ask = Button(_("Invite"), f"{key}:invite", icon="send", permission=STAFF_INVITE, opens="drawer")
    staff = type("Staff", (StaffList,), {**place, "primary": ask, "buttons": (invitations,)})
    member = type("Member", (StaffMember,), {**place, "actions": build_actions(key), "list_url_name": f"{key}:staff"})
    return [
        staff.path("staff/", "staff"),
        *member.urls("staff/<uuid:id>/", "staff-member"),
    ]
