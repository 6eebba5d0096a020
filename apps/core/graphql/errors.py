"""Errors as the REST API words them, in GraphQL's shape."""

import logging
from typing import Any

from django.utils.translation import gettext as _
from graphql import GraphQLError

from apps.core.api.envelope import refusal
from apps.core.api.exceptions import translate
from apps.core.errors import BusinessError
from apps.core.graphql.limits import unreadable
from apps.core.request_id import request_id_var

logger = logging.getLogger(__name__)


def describe_refusal(error: BusinessError) -> dict[str, Any]:
    """`{"message", "extensions": {"code", "field", "details", "requestId"}}`."""
    body = refusal(error)["error"]
    extensions = {name: body[name] for name in ("code", "field", "details") if body[name]}
    return {"message": body["message"], "extensions": {**extensions, "requestId": request_id_var.get()}}


def describe_error(error: GraphQLError) -> dict[str, Any]:
    """One error of an answer, with the place it belongs to; faults of ours are logged and show nothing of the inside."""
    found = describe_refusal(known) if (known := _meaning_of(error)) else _describe_fault(error)
    if error.locations:
        found["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path:
        found["path"] = list(error.path)
    return found


def _meaning_of(error: GraphQLError) -> BusinessError | None:
    if error.original_error is None or error.path is None:
        return unreadable(error.message)
    return translate(error.original_error) if isinstance(error.original_error, Exception) else None


def _describe_fault(error: GraphQLError) -> dict[str, Any]:
    logger.error("unforeseen error at %s", error.path, exc_info=error.original_error)
    text = _("Something went wrong on our side. Please try again later.")
    return {"message": text, "extensions": {"code": "SERVER_001", "requestId": request_id_var.get()}}
