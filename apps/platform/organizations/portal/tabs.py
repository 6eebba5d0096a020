"""The pages of the settings, one tab each; a person sees those that they may open."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.platform.organizations.permissions import ROLE_EDIT, SETTINGS_EDIT


@dataclass(frozen=True, slots=True)
class SettingsTab:
    """`name` is the address without the portal's namespace."""

    label: Any
    name: str
    permission: str


TABS = [
    SettingsTab(_("Company"), "settings", SETTINGS_EDIT),
    SettingsTab(_("Branches"), "branches", SETTINGS_EDIT),
    SettingsTab(_("Roles"), "roles", ROLE_EDIT),
    SettingsTab(_("Between branches"), "settings-sharing", SETTINGS_EDIT),
]


def list_tabs(portal: str, actor: Actor, path: str) -> list[dict[str, Any]]:
    """The tabs as the page draws them; the one with the longest address that begins `path` is active."""
    found = []
    for tab in TABS:
        if actor.can(tab.permission):
            try:
                found.append({"label": tab.label, "url": reverse(f"{portal}:{tab.name}"), "active": False})
            except NoReverseMatch:
                continue
    best = max((tab for tab in found if path.startswith(tab["url"])), key=lambda tab: len(tab["url"]), default=None)
    if best is not None:
        best["active"] = True
    return found if len(found) > 1 else []


class SettingsPage:
    """Mixed into the screens of the settings: puts the tabs on top."""

    template_name = "organizations/settings/form.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        """What the screen shows, with the tabs."""
        screen: Any = self
        tabs = list_tabs(screen.portal, screen.actor, screen.request.path)
        context: dict[str, Any] = super().get_context(tabs=tabs, **extra)  # type: ignore[misc]
        return context
