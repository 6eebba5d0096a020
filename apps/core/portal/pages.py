"""Pages and switches that belong to no portal: home, company and language, bell, gallery of components."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.core.middleware import LANGUAGE_COOKIE
from apps.core.portal.fields import MoneyField, PlateField
from apps.core.portal.palette import find_portals
from apps.core.portal.preferences import YEAR
from apps.core.portal.providers import Place, list_kinds, list_places
from apps.core.portal.registry import Portal
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


class GalleryForm(forms.Form):
    """One field of each kind, for the gallery of components."""

    name = forms.CharField(label=_("Customer"), initial="Trần Thị Mai")
    plate = PlateField(label=_("Number plate"), initial="51G-123.45")
    price = MoneyField(label=_("Price"), required=False, initial=1_250_000)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("car", _("Car")), ("bike", _("Motorbike"))])
    day = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    paper = forms.FileField(label=_("Document"), required=False)
    way = forms.ChoiceField(
        label=_("Payment"),
        choices=[("cash", _("Cash")), ("transfer", _("Bank transfer"))],
        widget=forms.RadioSelect,
        initial="cash",
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    remind = forms.BooleanField(label=_("Send a reminder"), required=False, initial=True)
    sms = forms.BooleanField(label=_("By SMS"), required=False)


class GalleryView(PortalView):
    """Every component in light and dark; only in demo installations."""

    is_public = True
    template_name = "dev/ui.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        forms_by_theme = {theme: GalleryForm(prefix=theme, data=None) for theme in ("light", "dark")}
        return self.draw(self.get_context(forms=forms_by_theme))
