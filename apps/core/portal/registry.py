"""Which portals exist and what stands in their navigation."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from apps.core.actor import Actor


@dataclass(frozen=True)
class Portal:
    """A door for one kind of people. `kinds` are the kinds of organization whose members may come in; none means all."""

    key: str
    name: Any
    home_url_name: str
    layout: str = "layouts/desk.html"
    kinds: frozenset[str] = frozenset()
    requires_login: bool = True
    icon: str = "layout-dashboard"

    @property
    def home_url(self) -> str:
        """The first page of the portal."""
        return reverse(self.home_url_name)

    palette_url = "/palette/"
    switch_url = "/switch/"
    log_out_url = "/logout/"

    def admits(self, kinds: frozenset[str]) -> bool:
        """Whether a member of an organization of these kinds belongs here."""
        return not self.kinds or bool(self.kinds & kinds)


@dataclass(frozen=True)
class NavItem:
    """One entry of a portal's rail; without `permission` everybody of the portal sees it."""

    portal: str
    label: Any
    url_name: str
    icon: str
    group: Any = ""
    permission: str = ""
    order: int = 100
    prefix: str = ""

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)


@dataclass(frozen=True)
class PersonLink:
    """One entry of the menu behind the person's picture."""

    label: Any
    url_name: str
    icon: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


PERSON_LINKS: dict[str, PersonLink] = {}
PORTALS: dict[str, Portal] = {}
NAV: dict[tuple[str, str], NavItem] = {}


def register_portal(portal: Portal) -> Portal:
    """Makes a portal known; the same key again replaces it."""
    PORTALS[portal.key] = portal
    return portal


def register_nav(
    *,
    portal: str,
    label: Any,
    url_name: str,
    icon: str,
    group: Any = "",
    permission: str = "",
    order: int = 100,
    **options: str,
) -> NavItem:
    """Adds an entry to a portal's rail; `prefix` (a path) marks it active for all pages below it."""
    item = NavItem(
        portal=portal,
        label=label,
        url_name=url_name,
        icon=icon,
        group=group,
        permission=permission,
        order=order,
        prefix=options.get("prefix", ""),
    )
    NAV[(portal, url_name)] = item
    return item


def register_person_link(*, label: Any, url_name: str, icon: str) -> PersonLink:
    """Adds an entry to the menu of the person, in every portal."""
    link = PersonLink(label=label, url_name=url_name, icon=icon)
    PERSON_LINKS[url_name] = link
    return link


def list_nav(portal: str, actor: Actor) -> list[NavItem]:
    """The entries of a portal that the actor may open, in order."""
    items = [item for item in NAV.values() if item.portal == portal and item.is_open_to(actor)]
    return sorted(items, key=lambda item: (item.order, item.url_name))
