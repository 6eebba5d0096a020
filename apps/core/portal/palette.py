"""The palette (Ctrl-K): screens of the navigation, and whatever the apps find for a few typed letters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.navigation import build_nav
from apps.core.portal.providers import list_kinds
from apps.core.portal.registry import PORTALS, Portal
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.core.text import search_key

MAX_ITEMS = 8
MIN_LETTERS = 2


@dataclass(frozen=True)
class PaletteItem:
    """One thing to jump to."""

    label: Any
    url: str
    icon: str = "corner-down-left"
    hint: Any = ""


Provider = Callable[[Actor, str], Iterable[PaletteItem]]


@dataclass(frozen=True)
class Source:
    label: Any
    provider: Provider
    portal: str
    permission: str
    order: int


SOURCES: dict[str, Source] = {}


def register_palette(
    name: str, provider: Provider, *, label: Any, portal: str, permission: str = "", order: int = 100
) -> None:
    """Lets `provider(actor, text)` answer searches of a portal; at most MAX_ITEMS of its items are shown."""
    SOURCES[name] = Source(label, provider, portal, permission, order)


def find_portals(kinds: frozenset[str]) -> list[Portal]:
    """The portals with log-in that members of such organizations may enter."""
    return [portal for portal in PORTALS.values() if portal.requires_login and portal.admits(kinds)]


class PaletteView(PortalView):
    """Groups of things that fit what is typed."""

    permission = ANY_MEMBER
    template_name = "portal/palette.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:60]
        portals = find_portals(list_kinds(request, self.actor))
        groups = [group for group in self.groups(portals, text) if group[1]]
        return self.draw(self.get_context(groups=groups, text=text))

    def groups(self, portals: Sequence[Portal], text: str) -> Iterator[tuple[Any, list[PaletteItem]]]:
        """What the apps find first, screens after it; without text only screens."""
        keys = {portal.key for portal in portals}
        if len(text) >= MIN_LETTERS:
            for source in sorted(SOURCES.values(), key=lambda source: source.order):
                if source.portal in keys and (not source.permission or self.actor.can(source.permission)):
                    yield source.label, list(source.provider(self.actor, text))[:MAX_ITEMS]
        yield _("Screens"), self.screens(portals, text)

    def screens(self, portals: Sequence[Portal], text: str) -> list[PaletteItem]:
        wanted = search_key(text).split()
        return [
            PaletteItem(link.label, link.url, link.icon, group.label)
            for portal in portals
            for group in build_nav(portal.key, self.actor, "")
            for link in group.items
            if all(word in search_key(f"{link.label} {group.label}") for word in wanted)
        ]
