"""POST /auth/google: apps log in with an identity token of the provider."""

from typing import Any

from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.routing import Route
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import PublicView
from apps.platform.accounts import services
from apps.platform.accounts.devices import read_app_device
from apps.platform.accounts.requests import client_address, user_agent
from apps.platform.accounts.rest.log_in import LogInShape, answer_log_in
from apps.platform.accounts.services.identities import log_in_by_identity
from apps.platform.accounts.social import issuer


class IdentityInput(ApiSerializer):
    """`nonce` is the random text that the app gave the provider when it asked for the token."""

    identity_token = serializers.CharField(max_length=8000)
    nonce = serializers.CharField(max_length=200)
    device = serializers.CharField(max_length=120, required=False, default="")
    accepts_terms = serializers.BooleanField(
        required=False, default=False, help_text="needed where the account is made now"
    )


class GoogleLogInView(PublicView):
    """Logs an app in with an identity token of Google (or the issuer configured in its place); a token is good once.

    An address that is unknown here becomes a customer's account. Refusals: AUTH_001 for a token that is forged, too old,
    for another app or used before; `account_email_not_verified` when the account here never confirmed its address.
    """

    http_method_names = ["post"]
    authentication_classes: list[Any] = []
    serializer_class = IdentityInput
    output_classes = {"post": LogInShape}

    def post(self, request: Request) -> Response:
        body = self.read_body()
        origin: dict[str, Any] = {"ip": client_address(request._request), "user_agent": user_agent(request._request)}
        identity = issuer.read_identity(body["identity_token"], nonce=body["nonce"])
        known = read_app_device(request._request)
        user = log_in_by_identity(identity, **origin, device=known, accepts_terms=body["accepts_terms"])
        entered = services.enter_app(user, method=issuer.PROVIDER, device=body["device"], **origin)
        return answer_log_in(request, entered)


URLS: list[URLPattern] = [path("auth/google", GoogleLogInView.as_view(), name="auth-google")]
ROUTES: list[Route] = []
