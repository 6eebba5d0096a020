"""Answers where no resource was reached: unknown addresses and faults outside the API's views."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.generic import View

from apps.core.api.envelope import failure, refusal
from apps.core.api.errors import BodyTooLarge
from apps.core.errors import BadInput, NotAllowed, NotFound

logger = logging.getLogger(__name__)


class UnknownAddress(View):
    """Any method on an address below the API that nobody serves."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(refusal(NotFound()), status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(refusal(NotFound()), status=404)
    return defaults.page_not_found(request, exception, template_name="errors/404.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be what a browser sends: too many or too large fields, foreign hosts."""
    error = BodyTooLarge() if isinstance(exception, RequestDataTooBig) else BadInput()
    if request.path.startswith("/api/"):
        return JsonResponse(refusal(error), status=error.status)
    return render(request, "errors/400.html", {"error": error}, status=error.status)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(refusal(NotAllowed()), status=403)
    return defaults.permission_denied(request, exception, template_name="errors/403.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened too long ago, in another browser, or on another site."""
    logger.warning("form refused: %s", reason)
    if request.path.startswith("/api/"):
        return JsonResponse(refusal(NotAllowed()), status=403)
    template = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/403_csrf.html"
    text = _("This page has been open for too long. Please load it again and repeat the last step.")
    return render(request, template, {"error": text}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        text = _("Something went wrong on our side. Please try again later.")
        return JsonResponse(failure("SERVER_001", text), status=500)
    return defaults.server_error(request, template_name="errors/500.html")
