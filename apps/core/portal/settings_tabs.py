"""The pages of a company's settings, one tab each: apps register theirs, a person sees those that they may open."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from apps.core.actor import Actor


@dataclass(frozen=True, slots=True)
class SettingsTab:
    """`name` is the address without the portal's namespace."""

    label: Any
    name: str
    permission: str
    order: int


TABS: dict[str, SettingsTab] = {}


def register_settings_tab(*, label: Any, name: str, permission: str, order: int = 100) -> None:
    """Adds a tab in every portal that has the address `name`."""
    TABS[name] = SettingsTab(label, name, permission, order)


def list_tabs(portal: str, actor: Actor, path: str) -> list[dict[str, Any]]:
    """The tabs as the page draws them; the one with the longest address that begins `path` is active."""
    found = []
    for tab in sorted(TABS.values(), key=lambda one: one.order):
        if actor.can(tab.permission):
            try:
                found.append({"label": tab.label, "url": reverse(f"{portal}:{tab.name}"), "active": False})
            except NoReverseMatch:
                continue
    best = max((tab for tab in found if path.startswith(tab["url"])), key=lambda tab: len(tab["url"]), default=None)
    if best is not None:
        best["active"] = True
    return found if len(found) > 1 else []


class SettingsTabs:
    """Mixed into the screens of the settings: the context gets `tabs`, which a template draws on top."""

    def get_context(self, **extra: Any) -> dict[str, Any]:
        """What the screen shows, with the tabs."""
        screen: Any = self
        tabs = list_tabs(screen.portal, screen.actor, screen.request.path)
        context: dict[str, Any] = super().get_context(tabs=tabs, **extra)
        return context
