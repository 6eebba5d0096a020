"""Traces by OpenTelemetry. Loaded only where a collector is named; needs the packages of the extra `monitoring`.

Spans leave the house with the attributes that are named here and no others: address templates, SQL without its values,
names of jobs, and the ids of request and company.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from apps.core.logs import describe_request
from apps.core.observing import QUIET
from apps.core.request_id import request_id_var
from config.observability import drop_personal

SHOWN = frozenset({
    "http.method", "http.request.method", "http.route", "http.scheme", "http.status_code", "http.response.status_code",
    "db.system", "db.name", "db.statement", "db.operation",
    "celery.action", "celery.state", "celery.task_name", "messaging.message.id", "messaging.destination",
    "baylink.request_id", "baylink.organization_id", "baylink.user_id",
    "exception.type", "exception.message", "exception.stacktrace",
})  # fmt: skip
# What is written freely and may name somebody.
TEXTS = frozenset({"db.statement", "exception.message", "exception.stacktrace"})


def start() -> None:
    """Called once in every process, before Django puts its middleware together."""
    provider = TracerProvider(resource=Resource.create({"service.name": "baylink"}))
    provider.add_span_processor(RequestIds())
    provider.add_span_processor(BatchSpanProcessor(CleanExporter(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    # Behind the middleware that knows the request's id and watches its course.
    position = settings.MIDDLEWARE.index("apps.core.observing.ObservingMiddleware") + 1
    DjangoInstrumentor().instrument(middleware_position=position, excluded_urls=",".join(QUIET), response_hook=add_ids)
    for instrumentor in (PsycopgInstrumentor(), CeleryInstrumentor(), RedisInstrumentor()):
        instrumentor.instrument()


def add_ids(span: trace.Span, _request: Any, _response: Any) -> None:
    """Who asked, and in which company; known when the answer is there."""
    known = describe_request()
    for name in ("organization_id", "user_id"):
        span.set_attribute(f"baylink.{name}", known.get(name, ""))


class RequestIds(SpanProcessor):
    """Every span tells the request in whose course it began: in pages, in their queries and in the jobs they start."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if request_id := request_id_var.get():
            span.set_attribute("baylink.request_id", request_id)


class CleanExporter(SpanExporter):
    """Passes on copies of spans without what is not SHOWN, and without persons and secrets in what is."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.exporter.export([clean_span(span) for span in spans])

    def shutdown(self) -> None:
        self.exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self.exporter.force_flush(timeout_millis)


def clean_span(span: ReadableSpan) -> ReadableSpan:
    """The span as it may leave the house."""
    status = Status(span.status.status_code, drop_personal(span.status.description or "") or None)
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_shown(span.attributes),
        events=[Event(event.name, _shown(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _shown(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    shown = {name: value for name, value in (attributes or {}).items() if name in SHOWN}
    return {name: drop_personal(value) if name in TEXTS else value for name, value in shown.items()}
