"""The rail of a portal as the page draws it: groups of links with the active one marked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse

from apps.core.actor import Actor
from apps.core.portal.registry import NavItem, list_nav


@dataclass
class NavLink:
    label: Any
    url: str
    icon: str
    active: bool = False
    badge: int = 0
    badge_tone: str = ""


@dataclass
class NavGroup:
    label: Any
    items: list[NavLink] = field(default_factory=list)


def build_nav(portal: str, actor: Actor, path: str) -> list[NavGroup]:
    """The groups in order of their first entry; the entry whose address is the longest beginning of `path` is active."""
    groups: dict[str, NavGroup] = {}
    best: tuple[int, NavLink | None] = (0, None)
    for item, url in _addresses(list_nav(portal, actor)):
        link = NavLink(label=item.label, url=url, icon=item.icon)
        groups.setdefault(str(item.group), NavGroup(label=item.group)).items.append(link)
        prefix = item.prefix or url
        if path.startswith(prefix) and len(prefix) > best[0]:
            best = (len(prefix), link)
    if best[1] is not None:
        best[1].active = True
    return list(groups.values())


def _addresses(items: list[NavItem]) -> Iterator[tuple[NavItem, str]]:
    for item in items:
        if address := _address(item.url_name, get_urlconf() or settings.ROOT_URLCONF):
            yield item, address


@cache
def _address(url_name: str, _urlconf: str) -> str:
    """Every page asks for all of them; empty for a page that is not there."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
