"""What stands in the logs, and what never does."""

import json
import logging

import pytest
from celery import shared_task
from django.test import Client

from apps.core.logs import JsonFormatter, RequestIdFilter, scrub, scrub_text
from apps.core.request_id import request_id_var
from config import observability
from config.celery import app
from tests.factories.accounts import UserFactory
from tests.factories.organizations import MembershipFactory

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLW9mLWl0"


def _fail(text):
    raise ValueError(text)


class Lines(logging.Handler):
    """Keeps finished lines."""

    def __init__(self):
        super().__init__()
        self.addFilter(RequestIdFilter())
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    handler, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_person_company_and_template(lines):
    membership = MembershipFactory()
    client = Client()
    client.force_login(membership.user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")

    client.get("/garage/", {"token": "very-secret-value"}, headers={"X-Request-ID": "req-1"})

    (line,) = [one for one in lines if one["message"] == "request"]
    assert line["request_id"] == "req-1"
    assert line["path"] == "/garage/"
    assert line["user_id"] == str(membership.user_id)
    assert line["organization_id"] == str(membership.organization_id)
    assert line["method"] == "GET"
    assert line["duration_ms"] > 0
    assert line["queries"] > 0
    assert "very-secret-value" not in json.dumps(lines)


@pytest.mark.django_db
def test_links_are_logged_by_template_without_their_token(lines):
    Client().get("/i/aVerySecretTokenOfAnInvoice1234567890/")

    assert "aVerySecret" not in json.dumps(lines)
    assert [one["path"] for one in lines if one["message"] == "request"] == ["/i/<str:token>/"]


@pytest.mark.django_db
def test_probes_leave_no_line(lines):
    Client().get("/healthz")

    assert [one for one in lines if one["message"] == "request"] == []


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter22xyz", "{'new_password': 'hunter22xyz'}", '"refresh_token": "hunter22xyz"',
        "Authorization: Bearer hunter22xyz", "X-Api-Key: hunter22xyz", "postgresql://baylink:hunter22xyz@db/baylink",
        f"token was {TOKEN}", "PAYOS_CHECKSUM_KEY=hunter22xyz", "cookie=sessionid=hunter22xyz",
    ],
)  # fmt: skip
def test_secrets_are_taken_out_of_texts(text):
    assert "hunter22xyz" not in scrub_text(text)
    assert TOKEN not in scrub_text(text)


def test_secrets_are_taken_out_of_data():
    data = {"user": "a", "password": "hunter22", "nested": [{"api_key": "hunter22", "count": 3}], "ok": True}

    assert scrub(data) == {"user": "a", "password": "***", "nested": [{"api_key": "***", "count": 3}], "ok": True}


def test_lines_and_their_faults_hold_no_secret(lines):
    try:
        _fail("password=hunter22xyz")
    except ValueError:
        logging.getLogger("any").exception(
            "log-in with %s", {"otp": "hunter22xyz"}, extra={"secret_key": "hunter22xyz"}
        )

    assert "hunter22xyz" not in json.dumps(lines)
    assert lines[0]["secret_key"] == "***"
    assert "ValueError" in lines[0]["error"]


def test_ordinary_words_stay():
    text = "order ORD-20241201-000001 of customer 5 moved from placed to confirmed in 12.5 ms"

    assert scrub_text(text) == text


def test_a_job_carries_the_request_that_started_it(lines):
    seen = []

    @shared_task(name="tests.remember_request")
    def remember_request():
        seen.append(request_id_var.get())

    headers = {}
    token = request_id_var.set("req-7")
    observability._send_request_id(headers=headers)
    request_id_var.reset(token)
    task = app.tasks["tests.remember_request"]
    task.apply(headers=headers)

    assert seen == ["req-7"]
    (line,) = [one for one in lines if one["message"] == "job"]
    assert (line["request_id"], line["job"], line["state"]) == ("req-7", "tests.remember_request", "SUCCESS")
    assert line["duration_ms"] >= 0
    assert request_id_var.get() == ""


@pytest.mark.django_db
def test_reports_to_the_outside_hold_no_person():
    report = {
        "request": {"url": "https://a.vn/i/secret-token/?x=1", "cookies": {"sessionid": "x"}, "method": "GET",
                    "data": {"phone": "0901234567"}},
        "user": {"email": "lan@example.com", "ip_address": "1.2.3.4"},
        "exception": {"values": [{"value": "no customer lan@example.com, 0901 234 567", "type": "ValueError"}]},
        "extra": {"customer_name": "Lan", "count": 2},
    }  # fmt: skip

    text = json.dumps(observability.clean_report(report))

    for secret in ("secret-token", "0901", "lan@example.com", "1.2.3.4", "sessionid", "Lan"):
        assert secret not in text
    assert '"count": 2' in text
    assert "ValueError" in text


def test_nothing_outside_is_loaded_unasked(settings, monkeypatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    settings.SENTRY_DSN = ""
    called = []
    monkeypatch.setattr(observability, "start_sentry", lambda: called.append("sentry"))
    monkeypatch.setattr(observability, "start_tracing", lambda: called.append("tracing"))

    observability.start()
    assert called == []
    settings.SENTRY_DSN = "https://key@sentry.example/1"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    observability.start()
    assert called == ["sentry", "tracing"]


def test_sentry_gets_scrubbed_reports(settings):
    import sentry_sdk
    from sentry_sdk.transport import Transport

    sent = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            sent.extend(item.payload.json for item in envelope.items)

    settings.SENTRY_DSN = "https://key@sentry.example/1"
    observability.start_sentry(transport=Kept, default_integrations=False, auto_enabling_integrations=False)
    try:
        _fail("lan@example.com has password=hunter22xyz")
    except ValueError as error:
        sentry_sdk.capture_exception(error)
    sentry_sdk.flush()
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)

    text = json.dumps(sent)
    assert "ValueError" in text
    assert "lan@example.com" not in text
    assert "hunter22xyz" not in text


@pytest.mark.django_db
def test_a_failed_log_in_logs_no_password(lines):
    UserFactory(email="lan@example.com")

    Client().post("/login/", {"login": "lan@example.com", "password": "hunter22xyz", "identifier": "lan@example.com"})

    assert "hunter22xyz" not in json.dumps(lines)
