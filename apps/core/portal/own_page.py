"""Pages about oneself, in the dress of the portal in which one works."""

from typing import Any

from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.providers import list_kinds
from apps.core.portal.views import ANY_MEMBER, PortalView


class OwnPage(PortalView):
    """A page about oneself, in the dress of the portal in which one works."""

    permission = ANY_MEMBER

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(**extra)
        kinds = list_kinds(self.request, self.actor)
        portal = next((one for one in find_portals(kinds) if one.kinds), None)
        if portal is None:
            return {**context, "layout": "layouts/site.html"}
        nav = build_nav(portal.key, self.actor, self.request.path)
        return {**context, "portal": portal, "nav": nav, "layout": portal.layout}
