"""What every template may use: who acts, where, what the navigation shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.core.actor import ANONYMOUS, Actor
from apps.core.portal.navigation import build_nav
from apps.core.portal.providers import list_places, providers
from apps.core.portal.registry import PERSON_LINKS, PORTALS, Portal


def find_portal(request: HttpRequest) -> Portal | None:
    """The portal of the page: named by its view, else by the namespace of its address."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return None
    view_class = getattr(match.func, "view_class", None)
    key = getattr(view_class, "portal", "") or (match.namespaces[0] if match.namespaces else "")
    return PORTALS.get(key)


def portal_context(request: HttpRequest) -> dict[str, Any]:
    """`portal`, `nav`, `actor`, `own_picture` (its address), `memberships`, `unread_count`, `bell_number`.

    What asks the database or Redis does so when it is used.
    """
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    portal = find_portal(request)
    return {
        "actor": actor,
        "portal": portal,
        "nav": SimpleLazyObject(lambda: build_nav(portal.key, actor, request.path) if portal else []),
        "memberships": SimpleLazyObject(lambda: list_places(request)),
        "bell_number": SimpleLazyObject(lambda: providers.live_numbers([f"notifications:{actor.user_id}"])),
        "own_picture": SimpleLazyObject(lambda: providers.picture(request) if actor.user_id else ""),
        "unread_count": SimpleLazyObject(lambda: providers.unread_count(actor) if actor.user_id else 0),
        "person_links": list(PERSON_LINKS.values()),
        "log_in_url": settings.LOGIN_URL,
        "is_demo": settings.DEMO,
    }
