"""What browsers are told, what strange requests are answered, and how big a request may be."""

import asyncio
import json

import pytest
from django.test import Client, override_settings

from apps.core.body_limit import BodyLimit

pytestmark = pytest.mark.django_db
PAGES = ("/", "/login/", "/healthz", "/api/v1/nothing", "/nowhere/")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(path):
    answer = Client().get(path)

    assert "camera=(self)" in answer["Permissions-Policy"]
    assert "microphone=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "frame-ancestors 'none'" in policy


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31536000)
def test_pages_move_to_https_and_probes_do_not():
    client = Client()

    assert client.get("/login/").status_code == 301
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code in {200, 503}
    assert client.get("/healthz/anything").status_code == 301
    assert client.get("/login/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "te st", "[::1"]
)
@pytest.mark.parametrize("path", ["/login/", "/api/v1/auth/login"])
def test_foreign_hosts_are_refused_and_never_repeated(host, path):
    client = Client(raise_request_exception=False)

    answer = client.get(path, headers={"Host": host, "X-Forwarded-Host": host})

    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    assert "Location" not in answer


def test_a_forwarded_host_changes_no_link():
    answer = Client().get("/login/", headers={"X-Forwarded-Host": "evil.example", "X-Host": "evil.example"})

    assert answer.status_code == 200
    assert b"evil.example" not in answer.content


def test_a_form_without_its_token_gets_our_page():
    client = Client(enforce_csrf_checks=True)

    vietnamese = client.post("/login/", {"login": "a", "password": "b"})
    client.cookies["language"] = "en"
    english = client.post("/login/", {"login": "a", "password": "b"})
    fragment = client.post("/login/", {"login": "a"}, headers={"HX-Request": "true"})

    assert vietnamese.status_code == english.status_code == fragment.status_code == 403
    assert "Hãy tải lại trang" in vietnamese.content.decode()
    assert "Please load the page again" in english.content.decode()
    assert "message-page" in english.content.decode()
    assert "<html" not in fragment.content.decode()


@pytest.mark.parametrize(("language", "words"), [("vi", "trang"), ("en", "page")])
def test_error_pages_speak_both_languages(language, words):
    client = Client()
    client.cookies["language"] = language

    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert f'lang="{language}"' in answer.content.decode()
    assert words.casefold() in answer.content.decode().casefold()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_long_bodies_are_refused_cleanly():
    client = Client(raise_request_exception=False)

    api = client.post("/api/v1/auth/login", json.dumps({"login": "x" * 2000}), content_type="application/json")
    page = client.post("/login/", {"login": "x" * 2000})

    assert api.status_code == 413
    assert api.json()["success"] is False
    assert api.json()["error"]["code"] == "VALIDATION_001"
    assert page.status_code in {400, 413}
    assert "Traceback" not in page.content.decode()


async def _send_through(chunks, *, most, declared=None, path="/api/v1/x"):
    sent, taken = [], []

    async def application(scope, receive, send):
        while True:
            message = await receive()
            taken.append(message)
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        if message["type"] == "http.request":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting[-1]["more_body"] = False

    async def receive():
        await asyncio.sleep(0)
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", declared)] if declared is not None else []
    await BodyLimit(application, most)({"path": path, "headers": headers}, receive, send)
    return sent[0]["status"], sent[1]["body"], len(taken)


async def test_a_declared_length_is_refused_unread():
    status, body, taken = await _send_through([b"x"], most=10, declared=b"11")

    assert (status, taken) == (413, 0)
    assert json.loads(body)["success"] is False
    assert (await _send_through([b"x"], most=10, declared=b"-1"))[0] == 413


async def test_an_undeclared_length_is_cut_off_on_the_way():
    status, _, taken = await _send_through([b"x" * 6] * 50, most=10)

    assert (status, taken) == (413, 2)


async def test_bodies_within_the_limit_pass():
    assert (await _send_through([b"x" * 5, b"x" * 5], most=10, declared=b"10"))[0] == 200


async def test_pages_get_a_page():
    _, body, _ = await _send_through([b"x"], most=0, declared=b"1", path="/login/")

    assert body.startswith(b"<!doctype html>")
