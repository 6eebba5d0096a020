"""Pages about oneself, in the dress of the portal in which one works."""

from typing import Any

from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds


class OwnDress:
    """Mixed into screens that belong to no portal."""

    def get_context(self, **extra: Any) -> dict[str, Any]:
        """What the screen shows, with the rail of the person's portal."""
        screen: Any = self
        context: dict[str, Any] = super().get_context(**extra)
        portal = next((one for one in find_portals(list_kinds(screen.request, screen.actor)) if one.kinds), None)
        if portal is None:
            return {**context, "layout": "layouts/site.html"}
        nav = build_nav(portal.key, screen.actor, screen.request.path)
        return {**context, "portal": portal, "nav": nav, "layout": portal.layout}
