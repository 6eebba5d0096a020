"""The staff CMS: entered through the platform's one log-in, by platform staff alone."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.sites import UnfoldAdminSite

from apps.core.admin.base import StaffAdmin
from apps.core.admin.dashboard import show_dashboard
from apps.core.admin.navigation import build_navigation
from apps.core.admin.search import find_lists, find_rows
from apps.core.portal.responses import enrol_first, safe_next

# The theme's scripts evaluate the expressions of their attributes; only these pages allow it.
THEME_SCRIPTS = {"script-src": ["'unsafe-eval'"]}
RESULTS_PER_PAGE = 100


def must_enrol(request: HttpRequest) -> bool:
    """Whether the person of the request must set up a second factor before anything else."""
    actor = getattr(request, "actor", None)
    return bool(request.user.is_authenticated and actor is not None and actor.must_enrol)


class StaffSite(UnfoldAdminSite):
    """Log-in, log-out and passwords are the platform's own pages, with their limits and sessions."""

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        inner = csp_update(THEME_SCRIPTS)(super().admin_view(view, cacheable))

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if must_enrol(request):
                return enrol_first(request)
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes our own admins; the tables of libraries have no place here."""
        if admin_class is not None and issubclass(admin_class, StaffAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and not those who must set up a second factor first."""
        return bool(super().has_permission(request)) and not must_enrol(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if must_enrol(request):
            return enrol_first(request)
        if self.has_permission(request):
            return HttpResponseRedirect(safe_next(request, "/admin/"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(safe_next(request, "/admin/"), settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect("/logout/", preserve_request=True)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "sidebar_command_search": True}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**show_dashboard(request), **(extra_context or {})})

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lists and, in the command window, rows; nothing is kept, so a right that is taken away counts at once."""
        text = request.GET.get("s", "").strip()
        if not text:
            return HttpResponse()
        is_wide = "extended" in request.GET
        began = monotonic()
        found = find_lists(self, request, text) + (find_rows(self, request, text) if is_wide else [])
        paginator = Paginator(found, RESULTS_PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        context = {
            "page_obj": paginator,
            "results": page,
            "page_counter": (page.number - 1) * RESULTS_PER_PAGE,
            "execution_time": monotonic() - began,
        }
        template = "unfold/helpers/command_results.html" if is_wide else "unfold/helpers/search_results.html"
        return TemplateResponse(request, template, context, headers={"HX-Trigger": "search"})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """On the front page the groups of the sidebar instead of apps."""
        if app_label:
            return super().get_app_list(request, app_label)
        by_address = {model["admin_url"]: model for app in super().get_app_list(request) for model in app["models"]}
        groups = build_navigation(request)[1:]
        return [
            {
                "name": group["title"],
                "app_label": f"group-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": [by_address[item["link"]] for item in group["items"] if item["link"] in by_address],
            }
            for number, group in enumerate(groups)
        ]

    def get_urls(self) -> list[URLPattern]:
        own = [path("password_change/", self.change_own_password, name="password_change")]
        return own + super().get_urls()

    def change_own_password(self, request: HttpRequest) -> HttpResponse:
        """Passwords are changed on one's own account page."""
        return HttpResponseRedirect("/account/")
