"""The provider's pages and addresses: the library's, with our rules around them.

Every authorization needs PKCE with S256; codes and refresh tokens are good once, also for two exchanges at the same
moment; whoever must set up a second factor authorizes nothing before.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc import app_settings, views
from allauth.idp.oidc.internal.oauthlib.utils import respond_html_error
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views import View
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from apps.core.api.throttling import count_call
from apps.core.portal.responses import enrol_first
from apps.platform.accounts.provider.scopes import LABELS
from apps.platform.accounts.services.partner_clients import note_agreement
from apps.platform.accounts.services.token_families import (
    end_family,
    end_if_used,
    find_family,
    keep_family,
    lock_single_use,
)

GRANTS = {"authorization_code": "code", "refresh_token": "refresh_token"}
TOKEN_CALLS, TOKEN_WINDOW_SECONDS = 120, 60


class AuthorizationView(views.AuthorizationView):
    """Asks the person whether the program may act for them."""

    template_name = "accounts/provider/authorize.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if must_enrol(request):
            return enrol_first(request)
        prompts = request.GET.get("prompt", "").split()
        if "login" in prompts:
            return ask_for_log_in(request, [one for one in prompts if one != "login"])
        if request.user.is_authenticated and (fault := find_fault(request)):
            response = respond_html_error(request, error=InvalidRequestError(description=fault))
            response.status_code = 400
            return response
        response = super().get(request, *args, **kwargs)
        allow_way_back(response, request.GET.get("redirect_uri", ""))
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return enrol_first(request) if must_enrol(request) else super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        client = Client.objects.get(pk=self._request_info["client_id"])
        note_agreement(self.request.actor, client, form.cleaned_data["scopes"])  # type: ignore[attr-defined]
        return super().form_valid(form)


def must_enrol(request: HttpRequest) -> bool:
    """Whether the person of the request must set up a second factor first."""
    return bool(request.user.is_authenticated and request.actor.must_enrol)  # type: ignore[attr-defined]


def find_fault(request: HttpRequest) -> str:
    """What is wrong with a request that the library would let pass, or nothing."""
    if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
        return "code_challenge with code_challenge_method=S256 is required."
    return "" if request.GET.get("response_type") == "code" else "response_type must be code."


def ask_for_log_in(request: HttpRequest, prompts: list[str]) -> HttpResponse:
    """The program wants a fresh log-in: out first, then back here without that wish."""
    query = request.GET.copy()
    query.pop("prompt")
    if prompts:
        query["prompt"] = " ".join(prompts)
    logout(request)
    return redirect_to_login(f"{request.path}?{query.urlencode()}", settings.LOGIN_URL)


def allow_way_back(response: HttpResponse, redirect_uri: str) -> None:
    """The form of this page ends at the program's address; the security policy must know that one address."""
    parts = urlsplit(redirect_uri)
    if response.status_code == 200 and parts.scheme in ("http", "https") and parts.netloc:
        response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]


class TokenView(views.TokenView):
    """Codes, refresh tokens and the program's own credentials become access tokens."""

    def post(self, request: HttpRequest) -> HttpResponse:
        wait = count_call(f"token:{request.META.get('REMOTE_ADDR', '')}", TOKEN_CALLS, TOKEN_WINDOW_SECONDS)
        if wait is not None:
            response = JsonResponse({"error": "temporarily_unavailable"}, status=429)
            response["Retry-After"] = str(int(wait) + 1)
            return response
        kind = GRANTS.get(request.POST.get("grant_type", ""), "")
        secret = request.POST.get(kind, "")
        return self.exchange(request, kind, secret) if secret else super().post(request)

    @transaction.atomic
    def exchange(self, request: HttpRequest, kind: str, secret: str) -> HttpResponse:
        """What is good once becomes tokens; shown again by a program that proved itself, it ends all that came of it."""
        lock_single_use(secret)
        family = find_family(kind, secret)
        response = super().post(request)
        answer = json.loads(response.content)
        if response.status_code == 200:
            tokens = {name: answer.get(name, "") for name in ("access_token", "refresh_token")}
            keep_family(kind=kind, secret=secret, family=family, **tokens)
        elif answer.get("error") == "invalid_grant":
            end_if_used(request.actor, kind=kind, secret=secret)  # type: ignore[attr-defined]
        return response


class RevokeView(views.RevokeView):
    """A refresh token takes its whole family with it (RFC 7009, 2.1)."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        family = find_family("refresh_token", request.POST.get("token", ""))
        response = super().post(request, *args, **kwargs)
        if family and response.status_code == 200:
            end_family(family)
        return response


class ConfigurationView(View):
    """What the provider offers (OpenID Connect Discovery 1.0, RFC 8414)."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> JsonResponse:
        ends = {
            "authorization_endpoint": "authorization",
            "token_endpoint": "token",
            "revocation_endpoint": "revoke",
            "introspection_endpoint": "introspect",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
        }
        methods = ["client_secret_basic", "client_secret_post"]
        response = JsonResponse(
            {
                "issuer": request.build_absolute_uri("/").rstrip("/"),
                **{name: request.build_absolute_uri(reverse(f"idp:oidc:{end}")) for name, end in ends.items()},
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": [*methods, "none"],
                "introspection_endpoint_auth_methods_supported": methods,
                "scopes_supported": list(LABELS),
                "claims_supported": ["sub", "email", "email_verified", "name", "given_name", "family_name", "locale"],
            }
        )
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = f"public, max-age={min(3600, app_settings.JWKS_CACHE_CONTROL)}"
        return response
