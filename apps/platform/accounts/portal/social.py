"""Logging in through another provider: away to it, and back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from apps.core.errors import BusinessError, NotFound
from apps.core.portal.responses import redirect_to
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.accounts.devices import read_device
from apps.platform.accounts.portal.log_in import LogInView, asked_next
from apps.platform.accounts.portal.second_factor import SecurityPage
from apps.platform.accounts.requests import client_address, site_origin, user_agent
from apps.platform.accounts.services.identities import log_in_by_identity, unlink_identity
from apps.platform.accounts.social import issuer
from apps.platform.accounts.social.errors import IdentityRefused

JOURNEY_KEY = "identity_journey"


def came_back_to(request: HttpRequest) -> str:
    """The address to which the provider sends people back; it must be known there."""
    return f"{site_origin(request)}{reverse('identity-callback')}"


@method_decorator(never_cache, name="dispatch")
class LeaveView(PortalView):
    """Sends the browser to the provider."""

    is_public = True
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not issuer.is_offered():
            raise NotFound
        try:
            journey = issuer.start(came_back_to(request))
        except BusinessError as error:
            return redirect_to(request, reverse("log-in"), message=error, tone="danger")
        request.session[JOURNEY_KEY] = {
            "state": journey.state,
            "nonce": journey.nonce,
            "verifier": journey.verifier,
            "next": asked_next(request),
        }
        return HttpResponseRedirect(journey.url)


@method_decorator(never_cache, name="dispatch")
class CallbackView(LogInView):
    """The browser comes back; only the one that left, and once."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        journey: dict[str, str] = request.session.pop(JOURNEY_KEY, None) or {}
        try:
            user = self.find_user(request, journey)
        except BusinessError as error:
            wish = journey.get("next", "")
            page = f"{reverse('log-in')}?{urlencode({'next': wish})}" if wish else reverse("log-in")
            return redirect_to(request, page, message=error, tone="danger")
        return self.enter(user, stay=True, method=issuer.PROVIDER, wish=journey.get("next", ""))

    def find_user(self, request: HttpRequest, journey: dict[str, str]) -> Any:
        state, code = request.GET.get("state", ""), request.GET.get("code", "")
        if not journey or not code or not constant_time_compare(state, journey["state"]):
            raise IdentityRefused
        identity = issuer.exchange(
            code, verifier=journey["verifier"], nonce=journey["nonce"], redirect_uri=came_back_to(request)
        )
        # The words under the button say that going on is agreeing.
        return log_in_by_identity(
            identity,
            ip=client_address(request),
            user_agent=user_agent(request),
            device=read_device(request),
            accepts_terms=True,
        )


class UnlinkView(SecurityPage):
    """The other provider opens the account no more."""

    permission = ANY_MEMBER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unlink_identity(self.actor, identity_id=kwargs["id"])
        return self.go_back(_("The link is removed."))


urlpatterns: list[URLPattern] = [
    path("login/identity/", LeaveView.as_view(), name="identity-leave"),
    path("login/identity/callback/", CallbackView.as_view(), name="identity-callback"),
    path("account/second-factor/identities/<str:id>/remove/", UnlinkView.as_view(), name="identity-unlink"),
]
