"""Settings → Roles: the table of rights, one role's page, making and changing roles."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import BusinessError
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.detail import DetailScreen
from apps.core.portal.forms import FormScreen
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import PortalView
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Role
from apps.platform.organizations.permissions import ROLE_EDIT
from apps.platform.organizations.portal.tabs import SettingsPage
from apps.platform.organizations.rights import CATALOGUE, expand
from apps.platform.organizations.role_forms import ChangeRoleForm, CopyRoleForm, RoleForm
from apps.platform.organizations.roles import role_description, role_label
from apps.platform.organizations.rules import grants
from apps.platform.organizations.services.roles import keep_areas

MOST_COLUMNS = 6


class RoleMatrix(SettingsPage, PortalView):
    """Rights in rows, roles in columns. The company's own roles are changed here; those of the system are read."""

    permission = ROLE_EDIT
    title = _("Roles and rights")
    template_name = "organizations/roles/matrix.html"

    @cached_property
    def roles(self) -> list[Role]:
        """All roles, the company's own first."""
        return sorted(selectors.list_roles(self.actor), key=lambda role: role.organization_id is None)

    @cached_property
    def shown(self) -> list[Role]:
        """The columns: those that the address names, else the first; more would not fit on a page."""
        asked = self.request.GET.getlist("role")
        chosen = [role for role in self.roles if str(role.pk) in asked]
        return (chosen or self.roles)[:MOST_COLUMNS]

    def list_choices(self) -> list[dict[str, Any]]:
        """A switch per role, each with the address that shows or hides its column."""
        names = [str(role.pk) for role in self.shown]
        choices = []
        for role in self.roles:
            key, is_on = str(role.pk), role in self.shown
            others = [name for name in names if name != key] if is_on else [*names[-MOST_COLUMNS + 1 :], key]
            url = f"?{urlencode({'role': others}, doseq=True)}"
            choices.append(
                {"label": role_label(role), "is_on": is_on, "url": url, "people": getattr(role, "people", 0)}
            )
        return choices

    def get_context(self, **extra: Any) -> dict[str, Any]:
        heads = [self.describe(role) for role in self.shown]
        return super().get_context(
            heads=heads,
            choices=self.list_choices(),
            areas=[self.rows_of(area, heads) for area in CATALOGUE],
            has_own=any(head["is_open"] for head in heads),
            add_url=reverse(f"{self.portal}:role-add"),
            **extra,
        )

    def describe(self, role: Role) -> dict[str, Any]:
        """A column. A role with rights beyond the person's own is read only."""
        return {
            "id": role.pk,
            "label": role_label(role),
            "is_own": role.organization_id is not None,
            "is_open": role.organization_id is not None and services.may_edit_role(self.actor, role),
            "seen": services.role_version(role),
            "held": expand(role.permissions),
            "url": reverse(f"{self.portal}:role", args=[role.pk]),
        }

    def rows_of(self, area: Any, heads: list[dict[str, Any]]) -> dict[str, Any]:
        """One area with a row per right and a cell per role."""
        rows = []
        for right in area.rights:
            may_give = grants(self.actor.permissions, right.code)
            cells = [
                {"head": head, "is_on": right.code in head["held"], "is_open": head["is_open"] and may_give}
                for head in heads
            ]
            rows.append({"right": right, "cells": cells})
        return {"label": area.label, "rows": rows}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Saves the open columns, all or none."""
        open_roles = {role.pk: role for role in self.roles if self.describe(role)["is_open"]}
        shown = {pk for pk in open_roles if f"seen-{pk}" in request.POST}
        rights = {pk: request.POST.getlist(f"rights-{pk}") for pk in shown}
        seen = {pk: request.POST[f"seen-{pk}"] for pk in shown}
        try:
            changed = services.save_matrix(self.actor, rights=rights, seen=seen)
        except BusinessError as error:
            return self.draw(self.get_context(error=error), status=error.status)
        said = _("Saved: %(names)s.") % {"names": ", ".join(role.name for role in changed)} if changed else ""
        return redirect_to(request, request.get_full_path(), message=said or _("Nothing was changed."))


def _describe_role(_actor: Actor, role: Role) -> dict[str, Any]:
    held = expand(role.permissions)
    areas = [
        {"label": area.label, "rights": rights}
        for area in CATALOGUE
        if (rights := [right for right in area.rights if right.code in held])
    ]
    return {"areas": areas, "description": role_description(role)}


def _may_edit(role: Role, actor: Actor) -> bool:
    return role.organization_id is not None and services.may_edit_role(actor, role)


class RolePage(DetailScreen):
    """What one role may do, and what was changed about it."""

    permission = ROLE_EDIT
    selector = staticmethod(selectors.list_roles)
    fragments = (Fragment("rights", "organizations/roles/rights.html", _describe_role),)
    list_label = _("Roles and rights")

    def get_title(self) -> str:
        return role_label(self.instance)

    def get_subtitle(self) -> Any:
        return _("Own role") if self.instance.organization_id else _("Role of the system")


class AddRole(SettingsPage, FormScreen):
    """A new role: name, description, rights."""

    permission = ROLE_EDIT
    title = _("New role")
    form_class = RoleForm
    submit_label = _("Make role")

    def save(self, data: Mapping[str, Any]) -> Role:
        return services.create_role(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse(f"{self.portal}:role", args=[result.pk])


def change_role(actor: Actor, role: Role, **data: Any) -> Role:
    """What the form asks for; an area that the role holds as a whole stays whole."""
    rights = keep_areas(role.permissions, data.pop("permissions"))
    return services.update_role(actor, role, permissions=rights, **data)


def build_urls(key: str) -> list[URLPattern]:
    """The screens of roles in the portal `key`."""
    place = {"portal": key}

    def page_of(role: Role) -> str:
        return reverse(f"{key}:role", args=[role.pk])

    actions = {
        "copy": ActionHandler(
            services.copy_role,
            form=CopyRoleForm,
            label=_("Copy"),
            icon="copy",
            permission=ROLE_EDIT,
            initial=CopyRoleForm.initial_of,
            when=lambda role, actor: services.may_copy_role(actor, role),
            go_to=page_of,
            done=_("Copied."),
        ),
        "edit": ActionHandler(
            change_role,
            form=ChangeRoleForm,
            label=_("Change"),
            icon="pencil",
            variant="primary",
            permission=ROLE_EDIT,
            initial=ChangeRoleForm.initial_of,
            when=_may_edit,
            done=_("Saved."),
        ),
        "delete": ActionHandler(
            services.delete_role,
            label=_("Delete"),
            icon="trash-2",
            variant="danger",
            permission=ROLE_EDIT,
            when=_may_edit,
            confirm=_("Delete this role?"),
            go_to=lambda _result: reverse(f"{key}:roles"),
            done=_("Deleted."),
        ),
    }
    matrix = type("Matrix", (RoleMatrix,), place)
    add = type("Add", (AddRole,), {**place, "cancel_url_name": f"{key}:roles"})
    page = type("Page", (RolePage,), {**place, "actions": actions, "list_url_name": f"{key}:roles"})
    return [
        matrix.path("settings/roles/", "roles"),
        add.path("settings/roles/add/", "role-add"),
        *page.urls("settings/roles/<uuid:id>/", "role"),
    ]
