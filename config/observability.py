"""Watching from outside: job log lines with the request that caused them; Sentry and OpenTelemetry if asked for.

Neither library is loaded unless its setting is there. What leaves the house is scrubbed: no names, mails, phones,
addresses, bodies, cookies or query strings, only the ids of user and company.
"""

import logging
import os
import re
import time
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings

from apps.core import numbers
from apps.core.logs import describe_request, scrub
from apps.core.request_id import request_id_var

logger = logging.getLogger("baylink.jobs")
HEADER = "baylink_request_id"
_PERSONAL = re.compile(r"(?i)e?mail|phone|name|address|plate|vin|birth|ip$|user_agent|note|bank")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d .-]{7,14}\d(?!\w)")
_running: dict[str, tuple[float, Any]] = {}


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any], **_: Any) -> None:
    headers.setdefault(HEADER, request_id_var.get())


@task_prerun.connect
def _begin(task_id: str, task: Any, **_: Any) -> None:
    sent = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER)
    token = request_id_var.set(sent or "")
    _running[task_id] = (time.perf_counter(), token)


@task_postrun.connect
def _end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    if task_id not in _running:
        return
    began, token = _running.pop(task_id)
    seconds = time.perf_counter() - began
    told = {"job": task.name, "job_id": task_id, "state": state or "", "duration_ms": round(seconds * 1000, 1)}
    logger.log(logging.INFO if state == "SUCCESS" else logging.WARNING, "job", extra=told)
    if settings.METRICS_ON:
        numbers.observe_job(task.name, state or "", seconds)
    request_id_var.reset(token)


def start() -> None:
    """Called once in the web server, before Django puts its middleware together."""
    start_reports()
    start_traces()


def start_reports() -> None:
    """Faults go to Sentry where one is named."""
    if settings.SENTRY_DSN:
        start_sentry()


def start_traces() -> None:
    """Traces go to a collector where one is named; needs the packages of the extra `monitoring`."""
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        start_tracing()


def start_sentry(**options: Any) -> None:
    """Sends faults to Sentry, without anything about persons."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.ENVIRONMENT_NAME,
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=settings.SENTRY_TRACES_RATE,
        before_send=clean_report,
        before_send_transaction=clean_report,
        before_breadcrumb=lambda crumb, _hint: drop_personal(crumb),
        **options,
    )


def clean_report(report: Any, _hint: Any = None) -> Any:
    """A report for the outside: the request is told by its path template and ids alone."""
    known = describe_request()
    method = report.get("request", {}).get("method", "")
    report["request"] = {"method": method, "url": known.get("path", "")}
    report["user"] = {"id": known.get("user_id", "")}
    report.setdefault("tags", {}).update(organization=known.get("organization_id", ""), request_id=request_id_var.get())
    report.pop("server_name", None)
    for part in ("extra", "contexts", "breadcrumbs", "logentry", "exception", "message"):
        if part in report:
            report[part] = drop_personal(report[part])
    return report


def drop_personal(value: Any) -> Any:
    """The data without secrets, values under personal names, mail addresses and phone numbers."""
    return _without_persons(scrub(value))


# Keys of the report itself whose names only look personal.
_OWN_KEYS = frozenset({"filename", "module_name", "name", "thread_name"})


def _without_persons(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "***" if _PERSONAL.search(str(key)) and str(key) not in _OWN_KEYS else _without_persons(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_without_persons(one) for one in value]
    if isinstance(value, str):
        return _PHONE.sub("***", _MAIL.sub("***", value))
    return value


def start_tracing() -> None:
    """By OTLP over HTTP."""
    from config import tracing

    tracing.start()
