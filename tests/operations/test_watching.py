"""Faults and traces go out over the real protocols, whole and without persons."""

import contextlib
import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from config.runtime.paths import ROOT
from tests.operations.watched import SECRETS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
_PATIENCE = 60


class Receiver:
    """Takes in what is posted, as the services outside would."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.bodies.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"

    def wait_for(self, wanted: bytes) -> None:
        end = time.monotonic() + _PATIENCE
        while not any(wanted in body for _path, body in self.bodies):
            assert time.monotonic() < end, f"nothing came with {wanted!r}"
            time.sleep(0.1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


@contextlib.contextmanager
def worker(env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--without-mingle"]
        process = subprocess.Popen(
            [*command, "--loglevel", "INFO"], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.read_text(errors='replace')[-3000:]}") from error
        finally:
            process.terminate()
            process.wait(20)


def watch(receiver: Receiver, home: Path, *, last: bytes, **options: str) -> None:
    """A page and its job in processes of their own, until `last` has arrived."""
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.operations.watched_settings",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}?{query}",
        **options,
    }
    asked = subprocess.run(
        [sys.executable, "-c", "from tests.operations.watched import main; main()"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=_PATIENCE, check=False,
    )  # fmt: skip
    assert asked.stdout.strip() == "500 watched-1", asked.stderr[-3000:]
    with worker(env, home / "worker.log"):
        receiver.wait_for(last)


def told(value: AnyValue) -> object:
    return getattr(value, value.WhichOneof("value"))


def test_traces_tell_the_request_and_its_job_and_no_person(receiver, tmp_path):
    watch(
        receiver,
        tmp_path,
        last=b"run/tests.watched_job",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{receiver.address}",
        OTEL_BSP_SCHEDULE_DELAY="100",
    )

    assert {path for path, _body in receiver.bodies} == {"/v1/traces"}
    spans = []
    for _path, body in receiver.bodies:
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            assert {one.key: told(one.value) for one in group.resource.attributes}["service.name"] == "baylink"
            spans += [span for scope in group.scope_spans for span in scope.spans]
    found = {span.name: {one.key: told(one.value) for one in span.attributes} for span in spans}
    by_name = {span.name: span for span in spans}

    page = by_name["POST fail/<str:token>/"]
    assert page.kind == Span.SPAN_KIND_SERVER
    assert found[page.name] == {
        "http.method": "POST",
        "http.route": "fail/<str:token>/",
        "http.scheme": "http",
        "http.status_code": 500,
        "baylink.request_id": "watched-1",
        "baylink.organization_id": "",
        "baylink.user_id": "",
    }
    assert page.status.code == page.status.STATUS_CODE_ERROR
    job = by_name["run/tests.watched_job"]
    assert found[job.name]["baylink.request_id"] == "watched-1"
    assert found[job.name]["celery.task_name"] == "tests.watched_job"
    assert job.status.message == "job of ***, phone ***, token=***"
    assert job.parent_span_id == by_name["apply_async/tests.watched_job"].span_id
    of_page = [span for span in spans if span.trace_id == page.trace_id]
    assert job in of_page
    assert any("accounts_user" in str(found_in(span).get("db.statement")) for span in of_page)
    assert not any("healthz" in span.name for span in spans)
    everything = b"".join(body for _path, body in receiver.bodies).decode("utf-8", "replace")
    assert [secret for secret in SECRETS if secret in everything] == []


def found_in(span: Span) -> dict[str, object]:
    return {one.key: told(one.value) for one in span.attributes}


def test_faults_arrive_without_persons(receiver, tmp_path):
    watch(
        receiver,
        tmp_path,
        last=b"job of ***, phone",
        SENTRY_DSN=f"http://key@{receiver.address}/7",
        ENVIRONMENT_NAME="trial",
    )

    assert {path for path, _body in receiver.bodies} == {"/api/7/envelope/"}
    events = []
    for _path, body in receiver.bodies:
        parts = body.split(b"\n")
        events += [json.loads(part) for part in parts[1:] if b'"exception"' in part]
    by_text = {value["value"]: event for event in events for value in event["exception"]["values"]}
    assert {"no customer ***, phone ***, password=***", "job of ***, phone ***, token=***"} <= by_text.keys()
    page = by_text["no customer ***, phone ***, password=***"]
    job = by_text["job of ***, phone ***, token=***"]
    assert page["exception"]["values"][-1]["type"] == "ValueError"
    assert page["request"] == {"method": "POST", "url": "/fail/<str:token>/"}
    assert page["tags"]["request_id"] == job["tags"]["request_id"] == "watched-1"
    assert page["environment"] == "trial"
    frame = page["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["filename"]) == ("fail", "tests/operations/watched.py")
    assert "vars" not in frame
    everything = json.dumps([{**event, "exception": without_source(event)} for event in events], ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in everything] == []


def without_source(event: dict) -> object:
    """The exception without the lines of our own source, which are no person's data."""
    text = json.loads(json.dumps(event["exception"]))
    for value in text["values"]:
        for frame in value["stacktrace"]["frames"]:
            for name in ("pre_context", "context_line", "post_context"):
                frame.pop(name, None)
    return text
