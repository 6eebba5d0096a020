"""OpenAPI: the envelope around every answer, the refusals, the bracket filters, the right that is needed."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.fields import FileField

from apps.core.api.names import camel
from apps.core.api.permissions import AUTHENTICATED, PUBLIC, STAFF, declared_right

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_REFUSALS = {
    "400": "The input has the wrong shape or value (VALIDATION_001).",
    "401": "Not logged in (AUTH_001, AUTH_002).",
    "403": "No right to do this (AUTH_003).",
    "404": "Not there, or not there for you (NOT_FOUND_001).",
    "409": "Somebody else was faster, or it already exists (DUPLICATE_001, BUSINESS_001).",
    "422": "A rule of the business says no (BUSINESS_001 with details.rule).",
    "429": "Too many calls (RATE_001); wait for the seconds in Retry-After.",
    "default": "Anything else that can go wrong (MAINTENANCE_001, SERVER_001, …).",
}
_VERBS = {
    "list": "List",
    "retrieve": "Show",
    "create": "Create",
    "update": "Change",
    "partial_update": "Change some fields of",
    "destroy": "Delete",
}
_JSON = "application/json"


class EnvelopeAutoSchema(AutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for status, text in _REFUSALS.items():
            operation["responses"].setdefault(status, {"description": text, "content": _ERROR})
        operation["x-right"] = self.right
        return operation

    @property
    def right(self) -> str | None:
        return declared_right(self.view, self.method)

    @property
    def step_name(self) -> str:
        name: str = getattr(self.view, "action", None) or self.method.lower()
        return name

    @property
    def handler(self) -> Any:
        return getattr(self.view, self.step_name, None)

    def get_operation_id(self) -> str:
        """Standard actions are named by the library; others by their address and their own name."""
        name = getattr(self.view, "action", None)
        if name is None or name in _VERBS:
            return super().get_operation_id()
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        if words and words[-1] == getattr(self.handler, "url_path", "").replace("-", "_"):
            words.pop()
        has_twin = self.method == "POST" and "put" in getattr(self.handler, "mapping", {})
        suffix = ["by_post"] if has_twin else []
        return "_".join([*words, name, *suffix])

    def get_summary(self) -> str:
        name = self.step_name
        noun = self.noun()
        if name in _VERBS:
            return f"{_VERBS[name]} {noun}s" if name == "list" else f"{_VERBS[name]} {noun}"
        if getattr(self.view, "action", None):
            return f"{name.replace('_', ' ').capitalize()}: {noun}"
        text = (self.handler.__doc__ or type(self.view).__doc__ or noun).strip()
        return text.splitlines()[0].rstrip(".")

    def noun(self) -> str:
        """What the resource is called in summaries: its `noun`, else its table's name in English."""
        if own := getattr(self.view, "noun", ""):
            return str(own)
        meta = getattr(getattr(self.view, "serializer_class", None), "Meta", None)
        if meta is None or not hasattr(meta, "model"):
            return self.path.rstrip("/").rpartition("/")[2].replace("-", " ").strip("{}")
        return str(meta.model._meta.verbose_name)

    def get_description(self) -> str:
        text = (getattr(self.handler, "__doc__", None) or "").strip() if self.step_name not in _VERBS else ""
        needs = {PUBLIC: "Needs no log-in.", AUTHENTICATED: "Needs a log-in.", STAFF: "For platform staff."}
        right = needs.get((self.right or "").partition(":")[0], f"Needs the right `{self.right}`.")
        return f"{text}\n\n{right}".strip()

    def map_parsers(self) -> list[str]:
        """Bodies with files are multipart, all others JSON."""
        shape = self.get_request_serializer()
        fields = shape(context={}).get_fields().values() if isinstance(shape, type) else ()
        has_files = any(isinstance(getattr(field, "child", field), FileField) for field in fields)
        return ["multipart/form-data"] if has_files else [_JSON]

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [] if self.right == PUBLIC else super().get_auth()

    def _is_list_view(self, serializer: Any = None) -> bool:
        return bool(getattr(self.view, "is_list", False))

    def get_request_serializer(self) -> Any:
        step_input = getattr(self.handler, "step_input", None) or getattr(self.handler, "bulk_input", None)
        if step_input is not None:
            return step_input if step_input().get_fields() else None
        name = "update" if self.step_name == "partial_update" else self.step_name
        declared = getattr(self.view, "input_classes", {}).get(name)
        if declared is not None or self.method in ("GET", "DELETE"):
            return declared
        return getattr(self.view, "serializer_class", None)

    def get_response_serializers(self) -> Any:
        output = getattr(self.view, "output_classes", {}).get(self.step_name)
        output = output or getattr(self.handler, "step_output", None)
        if isinstance(output, str):
            return {(200, output): OpenApiTypes.BINARY}
        if self.step_name == "destroy" or (self.step_name == "delete" and output is None):
            return {204: OpenApiResponse(description="Gone.")}
        if output is None and self._is_list_view():
            output = getattr(self.view, "list_serializer_class", None)
        if output is None and (hasattr(self.view, "queryset_for") or self.method == "GET"):
            output = getattr(self.view, "serializer_class", None)
        output = output or OpenApiTypes.ANY
        if self._is_list_view() and isinstance(output, type):
            output = output(many=True)
        is_new = self.step_name == "create" or self.step_name in getattr(self.view, "creates", ())
        return {201 if is_new else 200: output}

    def _get_response_for_code(self, serializer: Any, status_code: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        content = response.get("content", {})
        if str(status_code).startswith("2") and _JSON in content and not self._is_list_view():
            content[_JSON]["schema"] = frame(content[_JSON].get("schema", {}))
        return response

    def get_override_parameters(self) -> list[OpenApiParameter]:
        view = self.view
        is_list = self._is_list_view()
        parameters = [_query(name) for name in getattr(view, "parameters", {}).get(self.step_name, ())]
        if is_list:
            parameters += self._filter_parameters() + self._order_parameters()
        if hasattr(view, "queryset_for") and self.method == "GET":
            parameters += [
                _query("fields", "Only these fields, separated by commas."),
                *([_query("include", _names(self._optional()))] if self._optional() else []),
            ]
        if self.step_name in getattr(view, "idempotent", ()):
            parameters.append(
                _header("Idempotency-Key", "The same request sent again under this key acts once (24 h).")
            )
        if self._is_step() or (hasattr(view, "queryset_for") and self.method in ("PUT", "PATCH")):
            parameters.append(_header("If-Match", "The ETag that was read; refused with 409 when it has changed."))
        return parameters

    def _is_step(self) -> bool:
        return hasattr(self.handler, "step_input")

    def _optional(self) -> list[str]:
        shape = getattr(self.view, "serializer_class", None)
        return [camel(name) for name in getattr(shape, "optional_fields", ())]

    def _filter_parameters(self) -> list[OpenApiParameter]:
        found = []
        for name, operators in getattr(self.view, "filters", {}).items():
            found += [
                _query(f"filter[{name}]" if operator == "eq" else f"filter[{name}][{operator}]")
                for operator in operators
            ]
        return found

    def _order_parameters(self) -> list[OpenApiParameter]:
        found = []
        if sorts := list(getattr(self.view, "sorts", ())):
            found = [
                OpenApiParameter("sort", str, enum=sorts),
                OpenApiParameter("order", str, enum=["asc", "desc"]),
            ]
        if getattr(self.view, "search", None) is not None:
            found.append(_query("search", "Words that must all occur, accents and case aside."))
        return found


def frame(schema: dict[str, Any]) -> dict[str, Any]:
    """The envelope around a body."""
    return {
        "type": "object",
        "required": ["success", "data", "message", "meta"],
        "properties": {
            "success": {"type": "boolean", "const": True},
            "data": schema,
            "message": {"type": "string"},
            "meta": {"$ref": "#/components/schemas/Meta"},
        },
    }


def _names(names: list[str]) -> str:
    return f"Also: {', '.join(names)}."


def _query(name: str, text: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=text)


def _header(name: str, text: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text)
