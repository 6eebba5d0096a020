"""Answers where no resource was reached: unknown addresses and faults outside the API's views."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.generic import View

from apps.core.api.envelope import failure, refusal
from apps.core.errors import NotFound


class UnknownAddress(View):
    """Any method on an address below the API that nobody serves."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(refusal(NotFound()), status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(refusal(NotFound()), status=404)
    return defaults.page_not_found(request, exception, template_name="errors/404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        text = _("Something went wrong on our side. Please try again later.")
        return JsonResponse(failure("SERVER_001", text), status=500)
    return defaults.server_error(request, template_name="errors/500.html")
