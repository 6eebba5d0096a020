"""The base of every portal page: log-in, the right portal, the right to see it, and how it is drawn."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.core.portal.providers import list_kinds, list_places
from apps.core.portal.registry import PORTALS, Portal
from apps.core.portal.responses import choose_first, enrol_first, is_htmx, log_in_first

ANY_MEMBER = ""


class PortalView(View):
    """A page of a portal. Subclasses name their `portal` and `permission` (ANY_MEMBER: the log-in is enough).
    Whoever must set up a second factor first sees nothing but pages that are `is_open_while_enrolling`.

    Refusals (BusinessError) that a page does not draw itself are drawn by the middleware as an error page.
    """

    portal: ClassVar[str] = ""
    permission: ClassVar[str | None] = None
    is_public: ClassVar[bool] = False
    is_open_while_enrolling: ClassVar[bool] = False
    title: Any = ""
    template_name: str = ""
    fragment_template_name: str = ""
    request: HttpRequest
    actor: Actor

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        if cls.permission is None and not cls.is_public:
            raise ImproperlyConfigured(f"{cls.__name__} must name the right that opens it")
        return super().as_view(**initkwargs)

    @classmethod
    def path(cls, route: str, name: str) -> URLPattern:
        """The address of this page."""
        return path(route, cls.as_view(), name=name)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = request.actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_public:
            if not self.actor.is_authenticated:
                return log_in_first(request, settings.LOGIN_URL)
            if self.actor.must_enrol and not self.is_open_while_enrolling:
                return enrol_first(request)
            if self.portal and self.actor.organization_id is None and list_places(request):
                return choose_first(request)
            self.check_access()
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        if not self.is_public:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def check_access(self) -> None:
        """Raises NotFound for people of another portal, NotAllowed for those without the right."""
        portal = self.get_portal()
        if portal is not None and not portal.admits(list_kinds(self.request, self.actor)):
            raise NotFound
        if self.permission:
            self.actor.require(self.permission)

    def get_portal(self) -> Portal | None:
        return PORTALS.get(self.portal)

    def get_title(self) -> Any:
        return self.title

    def get_context(self, **extra: Any) -> dict[str, Any]:
        """What the template gets; subclasses add to it."""
        portal = self.get_portal()
        layout = portal.layout if portal else "layouts/base.html"
        return {"view": self, "title": self.get_title(), "layout": layout, **extra}

    def draw(self, context: Mapping[str, Any], *, template: str = "", status: int = 200) -> HttpResponse:
        """The page, or its part when HTMX asks and the page has one."""
        chosen = template or self.template_name
        if not template and self.fragment_template_name and is_htmx(self.request):
            chosen = self.fragment_template_name
        return render(self.request, chosen, dict(context), status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw(self.get_context())
