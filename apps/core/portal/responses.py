"""Answers that fit both kinds of request: a whole page asked by a browser, a part of a page asked by HTMX."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

TONES = {"done": messages.SUCCESS, "danger": messages.ERROR, "attention": messages.WARNING, "info": messages.INFO}


def is_htmx(request: HttpRequest) -> bool:
    """Whether only a part of the page was asked for."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def add_trigger(response: HttpResponse, name: str, detail: Any = True) -> HttpResponse:
    """Adds a client event (`closeDialog`, `toast`, …) to the answer of an HTMX request."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers[name] = detail
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def add_toast(response: HttpResponse, text: Any, *, tone: str = "done") -> HttpResponse:
    """Shows a short message beside the swapped part."""
    return add_trigger(response, "toast", {"tone": tone, "text": str(text)})


def redirect_to(request: HttpRequest, url: str, *, message: Any = "", tone: str = "done") -> HttpResponse:
    """Sends the browser to `url` (after a post: so that reloading repeats nothing), with a message there."""
    if message:
        messages.add_message(request, TONES[tone], str(message))
    if not is_htmx(request):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """The address to go on to that the request names, only if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if not asked:
        referer = urlsplit(request.headers.get("Referer", ""))
        asked = referer._replace(scheme="", netloc="").geturl() if referer.netloc == request.get_host() else ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked else default


def current_address(request: HttpRequest) -> str:
    """Path and query of the page the person looks at (not of the part that HTMX asks for)."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return shown._replace(scheme="", netloc="").geturl() if shown.path else request.get_full_path()


def log_in_first(request: HttpRequest, login_url: str) -> HttpResponse:
    """Asks for a log-in and comes back afterwards."""
    return _detour(request, login_url)


def choose_first(request: HttpRequest) -> HttpResponse:
    """Asks a member of several companies in which one they act now, and comes back afterwards."""
    return _detour(request, "/choose/")


def enrol_first(request: HttpRequest) -> HttpResponse:
    """Asks for a second factor to be set up, and comes back afterwards."""
    return _detour(request, "/account/second-factor/")


def _detour(request: HttpRequest, page: str) -> HttpResponse:
    url = f"{page}?next={quote(current_address(request), safe='/')}"
    if not is_htmx(request):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=401)
    response["HX-Redirect"] = url
    return response
