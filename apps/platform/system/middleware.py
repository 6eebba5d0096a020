"""Maintenance mode: everybody but platform staff is asked to come back in a few minutes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from apps.core.api.envelope import refusal
from apps.core.errors import BusinessError, Maintenance
from apps.platform.accounts.models import User
from apps.platform.accounts.services.tokens import read_access_token
from apps.platform.system.settings import get_setting

OPEN = ("/healthz", "/readyz", "/static/", "/admin/", "/login", "/logout", "/i18n/", "/api/v1/auth/login")


class MaintenanceMiddleware:
    """Staff get through, so that they can look before they open the doors again; log-in and admin stay open for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or not get_setting("maintenance.is_on") or self.is_staff(request):
            return self.get_response(request)
        response = self.refuse(request)
        response["Retry-After"] = str(60 * get_setting("maintenance.retry_minutes"))
        return response

    @staticmethod
    def is_staff(request: HttpRequest) -> bool:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            user = user_of_token(request)
        return bool(user and user.is_active and user.is_staff)

    @staticmethod
    def refuse(request: HttpRequest) -> HttpResponse:
        message = get_setting("maintenance.message") or Maintenance.message
        if request.path.startswith(("/api/", "/graphql")):
            return JsonResponse(refusal(Maintenance(message)), status=503)
        context = {
            "message": message,
            "phone": get_setting("site.support_phone"),
            "email": get_setting("site.support_email"),
            "minutes": get_setting("maintenance.retry_minutes"),
        }
        return render(request, "errors/maintenance.html", context, status=503)


def user_of_token(request: HttpRequest) -> User | None:
    """Apps of staff come with a token instead of a cookie."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    try:
        return read_access_token(token.strip()).user
    except BusinessError:
        return None
