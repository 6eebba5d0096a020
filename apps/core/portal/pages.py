"""Pages and switches that belong to no portal: home, company and language, bell, gallery of components."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.errors import NotAllowed, NotFound
from apps.core.ids import parse_id
from apps.core.middleware import LANGUAGE_COOKIE
from apps.core.portal.gallery import sample_context
from apps.core.portal.navigation import build_nav
from apps.core.portal.palette import find_portals
from apps.core.portal.preferences import YEAR
from apps.core.portal.providers import Place, list_kinds, list_places
from apps.core.portal.registry import PORTALS, Portal
from apps.core.portal.responses import redirect_to, safe_next
from apps.core.portal.views import ANY_MEMBER, PortalView

ORGANIZATION_KEY = "organization_id"
BRANCH_KEY = "branch_id"


def home_of(request: HttpRequest, kinds: frozenset[str]) -> str:
    """The first page of the portal for organizations of these kinds; staff without one start in the staff CMS."""
    own: list[Portal] = [portal for portal in find_portals(kinds) if portal.kinds]
    if kinds and own:
        return own[0].home_url
    return reverse("admin:index") if request.user.is_authenticated and request.user.is_staff else "/"


class HomeView(PortalView):
    """Sends everybody to the first page of their portal."""

    permission = ANY_MEMBER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(home_of(request, list_kinds(request, self.actor)))


class PortalHomeView(PortalView):
    """The door of a portal that has no first page of its own: goes on to the first screen that the actor may open."""

    permission = ANY_MEMBER

    def get_portal(self) -> Portal | None:
        match = self.request.resolver_match
        return PORTALS.get(match.namespace if match else "")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        portal = self.get_portal()
        groups = build_nav(portal.key, self.actor, "") if portal else []
        links = [link.url for group in groups for link in group.items if link.url != request.path]
        if not links:
            raise NotAllowed
        return HttpResponseRedirect(links[0])


class SwitchView(PortalView):
    """Acts from now on in another company or branch of one's own (`place`: organization id, perhaps `:branch id`)."""

    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        place = self.find_place(request.POST.get("place", ""))
        before = list_kinds(request, self.actor)
        request.session[ORGANIZATION_KEY] = str(place.id)
        if place.branch_id:
            request.session[BRANCH_KEY] = str(place.branch_id)
        else:
            request.session.pop(BRANCH_KEY, None)
        said = _("You now work in %(place)s.") % {"place": place.branch or place.organization}
        same_door = place.kinds == before and place.id == self.actor.organization_id
        return redirect_to(request, safe_next(request) if same_door else home_of(request, place.kinds), message=said)

    def find_place(self, text: str) -> Place:
        organization, _colon, branch = text.partition(":")
        asked = parse_id(organization), parse_id(branch)
        for place in list_places(self.request):
            if (place.id, place.branch_id) == asked:
                return place
        raise NotFound


class LanguageView(PortalView):
    """Changes the language of the pages; for everybody."""

    is_public = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.POST.get("language", "")
        if language not in dict(settings.LANGUAGES):
            raise NotFound
        response = HttpResponseRedirect(safe_next(request))
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        return response


class BellView(PortalView):
    """The bell with the number of unread messages; refreshes itself."""

    permission = ANY_MEMBER
    template_name = "layouts/bell.html"


class GalleryView(PortalView):
    """Every component in light and dark; only in demo installations."""

    is_public = True
    template_name = "dev/ui.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return self.draw(self.get_context(**sample_context()))
