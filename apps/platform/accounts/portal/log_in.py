"""Log-in, log-out and the choice of a company."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError
from apps.core.middleware import LANGUAGE_COOKIE
from apps.core.portal.pages import SwitchView, home_of
from apps.core.portal.preferences import YEAR
from apps.core.portal.providers import list_places
from apps.core.portal.responses import redirect_to, safe_next
from apps.core.portal.views import PortalView
from apps.platform.accounts import services
from apps.platform.accounts.demo import list_demo_logins
from apps.platform.accounts.devices import read_device, remember_device
from apps.platform.accounts.forms import LogInForm
from apps.platform.accounts.models import User
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.services import second_factor
from apps.platform.accounts.social.issuer import provider_name

BACKEND = "apps.platform.accounts.backends.EmailOrPhoneBackend"
SECOND_STEP_KEY = "second_step"


def asked_next(request: HttpRequest) -> str:
    """The address that the page was asked to go on to, only if it is one of ours; never the page itself."""
    has_wish = request.POST.get("next") or request.GET.get("next")
    return safe_next(request, "") if has_wish else ""


def next_step(request: HttpRequest, wish: str = "") -> str:
    """Where a person who has just logged in goes: where they wanted, after choosing a company when they have several."""
    wish = wish or asked_next(request)
    is_for_staff = request.user.is_staff and wish.startswith(reverse("admin:index"))
    if not is_for_staff and request.actor.organization_id is None and list_places(request):
        return f"{reverse('choose')}?{urlencode({'next': wish})}" if wish else reverse("choose")
    return wish or reverse("home")


def open_door(request: HttpRequest, user: User, *, stay: bool, method: str, wish: str = "") -> HttpResponse:
    """Logs the browser in, all steps done, and sends it where the person wanted to go."""
    request.log_in_method = method
    login(request, user, backend=BACKEND)
    if not stay:
        request.session.set_expiry(0)
    response = HttpResponseRedirect(next_step(request, wish))
    remember_device(request, response, user)
    return response if LANGUAGE_COOKIE in request.COOKIES else set_language(response, request, user.language)


def set_language(response: HttpResponse, request: HttpRequest, language: str) -> HttpResponse:
    """The pages speak the person's language from now on."""
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class LogInView(PortalView):
    """Logs a browser in; the staff CMS sends its people here too."""

    is_public = True
    template_name = "accounts/log_in.html"
    title = _("Log in")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_step(request))
        return self.draw_form(LogInForm(initial={"stay": True}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LogInForm(request.POST)
        if not form.is_valid():
            return self.draw_form(form, status=422)
        try:
            user = services.log_in(
                form.cleaned_data["identifier"],
                form.cleaned_data["password"],
                ip=client_address(request),
                user_agent=user_agent(request),
                device=read_device(request),
            )
        except BusinessError as error:
            form.add_error(None, str(error))
            response = self.draw_form(form, status=error.status)
            if wait := getattr(error, "wait", 0):
                response["Retry-After"] = str(wait)
            return response
        return self.enter(user, stay=form.cleaned_data["stay"], identifier=form.cleaned_data["identifier"])

    def enter(
        self, user: User, *, stay: bool, method: str = "password", identifier: str = "", wish: str = ""
    ) -> HttpResponse:
        """Opens the session, or asks for the second step first where the person has one."""
        if not second_factor.has_factor(user):
            return open_door(self.request, user, stay=stay, method=method, wish=wish)
        ticket = second_factor.begin(
            user,
            method=method,
            identifier=identifier,
            ip=client_address(self.request),
            user_agent=user_agent(self.request),
        )
        self.request.session[SECOND_STEP_KEY] = {
            "ticket": ticket,
            "stay": stay,
            "next": wish or asked_next(self.request),
        }
        return HttpResponseRedirect(reverse("second-step"))

    def draw_form(self, form: LogInForm, *, status: int = 200) -> HttpResponse:
        context = self.get_context(
            form=form,
            next=asked_next(self.request),
            demo_logins=list_demo_logins(),
            identity_provider=provider_name(),
        )
        return self.draw(context, status=status)


class LogOutView(PortalView):
    """Ends the browser's session."""

    is_public = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        logout(request)
        return redirect_to(request, reverse("log-in"), message=_("You are logged out."))


class ChooseView(SwitchView):
    """The choice of a company after the log-in, for people of several."""

    http_method_names = ["get", "head", "post"]
    template_name = "accounts/choose.html"
    title = _("Where do you work today?")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        places = list_places(request)
        if not places:
            return HttpResponseRedirect(home_of(request, frozenset()))
        return self.draw(self.get_context(places=places, next=asked_next(request)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        wish = asked_next(request)
        return redirect_to(request, wish) if wish else response


urlpatterns = [
    path("login/", LogInView.as_view(), name="log-in"),
    path("logout/", LogOutView.as_view(), name="log-out"),
    path("choose/", ChooseView.as_view(), name="choose"),
]
