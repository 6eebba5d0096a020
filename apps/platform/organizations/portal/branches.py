"""Settings → Branches, and what they see of each other."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Button, Empty
from apps.platform.accounts.phones import format_phone
from apps.platform.organizations import selectors, services
from apps.platform.organizations.branch_forms import BranchForm, SharingForm
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.portal.tabs import SettingsPage
from apps.platform.organizations.selectors import describe_hours
from apps.platform.organizations.sharing import sharing_of


class BranchList(SettingsPage, ListScreen):
    """All sites of the company, closed ones too."""

    template_name = "organizations/settings/list.html"
    permission = SETTINGS_EDIT
    title = _("Branches")
    selector = staticmethod(selectors.list_all_branches)
    columns = (
        Column("name", _("Name"), sub="address", sort="name"),
        Column("code", _("Code"), sort="code"),
        Column("kind", _("Kind"), value=lambda row: capfirst(row.get_kind_display()), sort="kind"),
        Column("manager", _("Manager"), value="manager.full_name"),
        Column("phone", _("Phone"), value=lambda row: format_phone(row.phone)),
        Column("is_active", pgettext_lazy("branch", "Open"), kind="bool", sort="is_active"),
    )
    search = ("name", "code", "address")
    search_placeholder = _("Name, code or address")
    default_sort = "name"
    empty = Empty(_("No branch yet"), _("Add the places where you work."), icon="map-pin")

    def link(self, row: Any) -> str:
        return reverse(f"{self.portal}:branch", args=[row.pk])


def _describe(_actor: Actor, row: Branch) -> dict[str, Any]:
    parts = [row.address, row.ward, row.province]
    return {
        "hours": describe_hours(row),
        "phone": format_phone(row.phone),
        "kind": capfirst(row.get_kind_display()),
        "address": ", ".join(part for part in parts if part and (part == row.address or part not in row.address)),
    }


class BranchPage(DetailScreen):
    """One site: address, hours, manager, and what was changed about it."""

    permission = SETTINGS_EDIT
    selector = staticmethod(selectors.list_all_branches)
    fragments = (Fragment("facts", "organizations/settings/branch.html", _describe),)
    list_label = _("Branches")

    def get_title(self) -> str:
        return str(self.instance.name)

    def get_subtitle(self) -> str:
        return str(self.instance.code)


class AddBranch(SettingsPage, FormScreen):
    permission = SETTINGS_EDIT
    title = _("New branch")
    form_class = BranchForm

    def get_initial(self) -> Mapping[str, Any]:
        return {"is_active": True}

    def save(self, data: Mapping[str, Any]) -> Branch:
        return services.add_branch(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:branch", args=[result.pk])


class Sharing(SettingsPage, FormScreen):
    """What members of one branch see of the others."""

    permission = SETTINGS_EDIT
    title = _("Seen between branches")
    form_class = SharingForm

    def get_organization(self) -> Organization:
        return selectors.get_own_organization(self.actor)

    def get_initial(self) -> Mapping[str, Any]:
        return sharing_of(self.get_organization())

    def get_version(self) -> int:
        return self.get_organization().version

    def save(self, data: Mapping[str, Any]) -> Organization:
        return services.update_branch_sharing(self.actor, version=self.version, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:settings-sharing")


def build_urls(key: str) -> list[URLPattern]:
    """The screens of branches in the portal `key`."""
    place = {"portal": key}
    add_button = Button(_("New branch"), f"{key}:branch-add", permission=SETTINGS_EDIT)
    actions = {
        "change": ActionHandler(
            services.update_branch,
            form=BranchForm,
            label=_("Change"),
            icon="pencil",
            variant="primary",
            permission=SETTINGS_EDIT,
            initial=BranchForm.initial_of,
            done=_("Saved."),
        ),
    }
    branches = type("Branches", (BranchList,), {**place, "primary": add_button})
    page = type("Page", (BranchPage,), {**place, "actions": actions, "list_url_name": f"{key}:branches"})
    add = type("Add", (AddBranch,), {**place, "cancel_url_name": f"{key}:branches"})
    sharing = type("BranchSharing", (Sharing,), place)
    return [
        branches.path("settings/branches/", "branches"),
        add.path("settings/branches/add/", "branch-add"),
        *page.urls("settings/branches/<uuid:id>/", "branch"),
        sharing.path("settings/sharing/", "settings-sharing"),
    ]
