"""What every request leaves behind: one log line and its numbers."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from apps.core import numbers
from apps.core.logs import route_of
from apps.core.request_id import request_var

logger = logging.getLogger("baylink.requests")
# Asked by machines every few seconds.
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


class QueryCount:
    """Counts the statements of one request."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


class ObservingMiddleware:
    """Outermost but for the request id: what it measures is what the caller waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(QUIET):
            return self.get_response(request)
        token = request_var.set(request)
        queries, began = QueryCount(), time.perf_counter()
        status = 500
        try:
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            status = response.status_code
        finally:
            self.leave(request, status, time.perf_counter() - began, queries.count)
            request_var.reset(token)
        return response

    @staticmethod
    def leave(request: HttpRequest, status: int, seconds: float, queries: int) -> None:
        method = request.method if request.method in numbers.METHODS else "OTHER"
        if settings.METRICS_ON:
            numbers.observe_request(method, route_of(request), status, seconds=seconds, queries=queries)
        level = logging.WARNING if status >= 500 else logging.INFO
        told = {"method": method, "status": status, "duration_ms": round(seconds * 1000, 1), "queries": queries}
        logger.log(level, "request", extra=told)
