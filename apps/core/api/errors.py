"""Refusals that only this door knows."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Conflict


class LogInRequired(BusinessError):
    """No token, or one that is not good (any more)."""

    code = "AUTH_002"
    status = 401
    rule = "log_in_required"
    message = _("Please log in.")


class UnreadableInput(BadInput):
    """Input whose names are the caller's own and are shown as they came."""

    is_as_given = True


class MethodNotAllowed(BadInput):
    status = 405
    rule = "method_not_allowed"
    message = _("This address does not support this method.")


class UnsupportedFormat(BadInput):
    status = 415
    rule = "unsupported_format"
    message = _("This address does not understand this content type.")


class BodyTooLarge(BadInput):
    status = 413
    rule = "body_too_large"
    message = _("The request body is too large.")


class NotAcceptable(BadInput):
    status = 406
    rule = "not_acceptable"
    message = _("This address answers in JSON only.")


class KeyReused(Conflict):
    """The same Idempotency-Key came with another content."""

    code = "DUPLICATE_001"
    rule = "idempotency_key_reused"
    message = _("This Idempotency-Key was already used for another request.")


class KeyInFlight(Conflict):
    """The first request with this Idempotency-Key still runs."""

    code = "DUPLICATE_001"
    rule = "idempotency_key_in_flight"
    message = _("The same request is still running. Please ask again in a moment.")
