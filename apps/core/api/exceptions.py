"""One renderer for everything that can go wrong below /api/."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from apps.core.api.envelope import failure, refusal
from apps.core.api.errors import (
    BodyTooLarge,
    LogInRequired,
    MethodNotAllowed,
    NotAcceptable,
    UnreadableInput,
    UnsupportedFormat,
)
from apps.core.errors import BadInput, BusinessError, NotAllowed, NotFound, RateLimited

logger = logging.getLogger(__name__)


def render_error(error: Exception, context: Mapping[str, Any]) -> Response:
    """The envelope of any exception; what nobody foresaw is logged and shows nothing of the inside."""
    known = translate(error)
    if known is None:
        return _render_unforeseen(error, context)
    response = Response(refusal(known), status=known.status)
    if known.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, drf.MethodNotAllowed):
        response["Allow"] = ", ".join(getattr(context.get("view"), "allowed_methods", []))
    return response


def translate(error: Exception) -> BusinessError | None:
    """The typed refusal that `error` means, or None for a fault of ours."""
    if isinstance(error, BusinessError):
        return error
    for kind, make in _MEANINGS:
        if isinstance(error, kind):
            return make(error)
    return None


def collect_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flattens nested field errors: `{"lines": [{"quantity": ["…"]}]}` → `{"lines.0.quantity": ["…"]}`."""
    if isinstance(detail, Mapping):
        pairs = detail.items()
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        pairs = enumerate(detail)
    else:
        texts = detail if isinstance(detail, list) else [detail]
        return {prefix: [str(text) for text in texts]} if texts else {}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        inner = prefix if key == "non_field_errors" else f"{prefix}.{key}".lstrip(".")
        found.update(collect_errors(value, inner))
    return found


def _bad_fields(error: drf.ValidationError) -> BadInput:
    errors = collect_errors(error.detail)
    named = [name for name in errors if name]
    if not named:
        return BadInput(" ".join(text for texts in errors.values() for text in texts) or None)
    return UnreadableInput(field=named[0], errors=errors)


def _api_exception(error: drf.APIException) -> BusinessError | None:
    return BadInput(str(error.detail)) if 400 <= error.status_code < 500 else None


_MEANINGS: list[tuple[type[Exception], Callable[[Any], BusinessError | None]]] = [
    (drf.ValidationError, _bad_fields),
    (drf.NotAuthenticated, lambda error: LogInRequired()),
    (drf.AuthenticationFailed, lambda error: LogInRequired()),
    (drf.PermissionDenied, lambda error: NotAllowed()),
    (PermissionDenied, lambda error: NotAllowed()),
    (drf.NotFound, lambda error: NotFound()),
    (Http404, lambda error: NotFound()),
    (drf.MethodNotAllowed, lambda error: MethodNotAllowed()),
    (drf.UnsupportedMediaType, lambda error: UnsupportedFormat()),
    (drf.NotAcceptable, lambda error: NotAcceptable()),
    (drf.Throttled, lambda error: RateLimited()),
    (drf.ParseError, lambda error: BadInput(_("The request body cannot be read."))),
    (drf.APIException, _api_exception),
    (RequestDataTooBig, lambda error: BodyTooLarge()),
    (SuspiciousOperation, lambda error: BadInput(_("The request body cannot be read."))),
    # The database's last word on a value that no field can hold (a number out of range).
    (DataError, lambda error: BadInput(_("A value is out of range."))),
]


def _render_unforeseen(error: Exception, context: Mapping[str, Any]) -> Response:
    request = context.get("request")
    logger.error("unforeseen error at %s", getattr(request, "path", "?"), exc_info=error)
    got_request_exception.send(sender=type(context.get("view")), request=getattr(request, "_request", request))
    text = _("Something went wrong on our side. Please try again later.")
    return Response(failure("SERVER_001", text), status=500)
