"""Numbered pages for lists, cursors for ledgers and logs. The answer is framed here."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import success
from apps.core.api.query import refuse
from apps.core.keyset import Keyset

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_LAST_PAGE = 1_000_000


def read_number(request: Request, name: str, default: int, highest: int) -> int:
    """A whole number from 1 to `highest`; raises BadInput for anything else."""
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 7 and 1 <= int(text) <= highest):
        raise refuse(name, _("A whole number from 1 to %(highest)s is needed.") % {"highest": highest})
    return int(text)


def describe_page(schema: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["success", "data", "message", "pagination", "meta"],
        "properties": {
            "success": {"type": "boolean", "const": True},
            "data": schema,
            "message": {"type": "string"},
            "pagination": {"type": "object", "required": list(properties), "properties": properties},
            "meta": {"$ref": "#/components/schemas/Meta"},
        },
    }


class PagePagination(BasePagination):
    """`page` and `limit`; a page past the end is empty."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.page = read_number(request, "page", 1, _LAST_PAGE)
        self.limit = read_number(request, "limit", DEFAULT_LIMIT, MAX_LIMIT)
        self.total = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
        start = (self.page - 1) * self.limit
        return list(queryset[start : start + self.limit]) if start < self.total else []

    def get_paginated_response(self, data: Any) -> Response:
        pages = -(-self.total // self.limit)
        block = {
            "page": self.page,
            "limit": self.limit,
            "total": self.total,
            "totalPages": pages,
            "hasNext": self.page < pages,
            "hasPrev": self.page > 1,
        }
        return Response(success(data, pagination=block))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        numbers = {name: {"type": "integer"} for name in ("page", "limit", "total", "totalPages")}
        flags = {name: {"type": "boolean"} for name in ("hasNext", "hasPrev")}
        return describe_page(schema, {**numbers, **flags})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("page", {"type": "integer", "minimum": 1, "default": 1}),
            _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ]


class CursorPagination(BasePagination):
    """`cursor` and `limit`, newest first: rows that arrive meanwhile shift nothing, and depth costs nothing."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.limit = read_number(request, "limit", DEFAULT_LIMIT, MAX_LIMIT)
        place = Keyset(queryset, descending=True)
        if text := request.query_params.get("cursor", ""):
            place = place.after(text, field="cursor")
        rows, has_more = place.first(self.limit)
        self.next = place.cursor_of(rows[-1]) if has_more else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        block = {"limit": self.limit, "hasNext": self.next is not None, "nextCursor": self.next}
        return Response(success(data, pagination=block))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties = {
            "limit": {"type": "integer"},
            "hasNext": {"type": "boolean"},
            "nextCursor": {"type": ["string", "null"]},
        }
        return describe_page(schema, properties)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("cursor", {"type": "string"}),
            _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}
