"""Pages about oneself, in the dress of the portal in which one works."""

from apps.core.portal.own import OwnDress
from apps.core.portal.views import ANY_MEMBER, PortalView


class OwnPage(OwnDress, PortalView):
    """A page about oneself, for everybody who is logged in."""

    permission = ANY_MEMBER
