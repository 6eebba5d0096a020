"""Request id, language, and the last catcher of refusals for ordinary pages."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from apps.core.api.envelope import refusal
from apps.core.errors import BusinessError
from apps.core.ids import uuid7
from apps.core.request_id import request_id_var

_SAFE_ID = re.compile(r"^[\w.\-]{1,64}$")
LANGUAGE_COOKIE = "language"
API_PATHS = ("/api/", "/graphql")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Takes the caller's X-Request-ID if it is a harmless one, or makes one; echoes it and puts it into the logs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _SAFE_ID.match(given) else str(uuid7())  # type: ignore[attr-defined]
        token = request_id_var.set(request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id_var.reset(token)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class ResourcePolicyMiddleware:
    """Other sites may not embed or read what this one serves, unless the answer says so itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class LanguageMiddleware:
    """Cookie first (the switch in the page), then Accept-Language for API calls only, then Vietnamese."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.choose(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def choose(request: HttpRequest) -> str:
        cookie = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if cookie in ("vi", "en"):
            return cookie
        if request.path.startswith(API_PATHS):
            return translation.get_language_from_request(request)
        return "vi"


class BusinessErrorMiddleware:
    """Renders a refusal that no view caught: JSON below /api/, an alert for HTMX, a page otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, BusinessError):
            return None
        if request.path.startswith(API_PATHS):
            return JsonResponse(refusal(error), status=error.status)
        template = (
            "errors/fragment.html" if request.headers.get("HX-Request") else f"errors/{self.page(error.status)}.html"
        )
        return render(request, template, {"error": error}, status=error.status)

    @staticmethod
    def page(status: int) -> int:
        return status if status in (403, 404, 409, 503) else 409
