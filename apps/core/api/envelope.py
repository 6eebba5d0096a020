"""The frame around every answer of the API."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from apps.core.api.names import camel
from apps.core.errors import BusinessError
from apps.core.request_id import request_id_var


class Envelope(dict[str, Any]):
    """A body that is already framed; the renderer sends it as it is."""


def meta() -> dict[str, str]:
    """When the answer was made and to which request it belongs."""
    stamp = timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"timestamp": stamp, "requestId": request_id_var.get()}


def success(data: Any, *, message: str = "", pagination: Mapping[str, Any] | None = None) -> Envelope:
    """`{"success": true, "data": …}`, with a `pagination` block for lists."""
    body = Envelope(success=True, data=data, message=str(message))
    if pagination is not None:
        body["pagination"] = dict(pagination)
    body["meta"] = meta()
    return body


def failure(code: str, message: object, *, details: Mapping[str, Any] | None = None, field: str = "") -> Envelope:
    """`{"success": false, "error": {…}}`."""
    error = {"code": code, "message": str(message), "details": dict(details or {}), "field": field}
    return Envelope(success=False, error=error, meta=meta())


def refusal(error: BusinessError) -> Envelope:
    """The frame of a typed refusal. Names that a service gave are shown as the API spells them."""
    if getattr(error, "is_as_given", False):
        return failure(error.code, error, details=error.as_details(), field=error.field)
    return failure(error.code, error, details=respell(error.as_details()), field=camel(error.field))


def respell(value: Any) -> Any:
    """The same tree with its keys in camelCase."""
    if isinstance(value, Mapping):
        return {camel(str(key)): respell(part) for key, part in value.items()}
    return [respell(part) for part in value] if isinstance(value, list | tuple) else value
