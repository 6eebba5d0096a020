"""Encrypted connections to the judged address, and many workers at once."""

import datetime
import ssl
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.platform.webhooks import post as posting
from apps.platform.webhooks.models import WebhookDelivery
from apps.platform.webhooks.services import send
from apps.platform.webhooks.targets import Target
from tests.factories.actors import actor_for
from tests.factories.webhooks import endpoint_of
from tests.support.receiver import running_receiver
from tests.support.threads import at_once


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for hooks.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(encoding))
    return path


@pytest.fixture
def server(certificate):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    one = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    one.handle_error = lambda *args: None
    one.socket = context.wrap_socket(one.socket, server_side=True)
    thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


def call(server, host):
    target = Target("https", host, ("127.0.0.1",), server.server_port, "/", host)
    return posting.post(target, b"{}", {})


def trust(monkeypatch, certificate):
    monkeypatch.setattr(posting, "trusted_authorities", lambda: ssl.create_default_context(cafile=certificate))


def test_the_certificate_must_be_for_the_name_though_the_address_is_fixed(server, certificate, monkeypatch):
    trust(monkeypatch, certificate)
    assert call(server, "hooks.example").status == 200
    answer = call(server, "other.example")
    assert (answer.status, answer.is_good) == (None, False)
    assert "CERTIFICATE_VERIFY_FAILED" in answer.error


def test_a_certificate_that_nobody_vouches_for_is_refused(server):
    assert "CERTIFICATE_VERIFY_FAILED" in call(server, "hooks.example").error


def test_the_next_address_is_tried_when_the_first_does_not_answer(server, certificate, monkeypatch):
    trust(monkeypatch, certificate)
    target = Target("https", "hooks.example", ("127.0.0.2", "127.0.0.1"), server.server_port, "/", "hooks.example")
    assert posting.post(target, b"{}", {}).status == 200


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_message_once_and_one_at_a_time_per_address(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_PORTS = []
    actor = actor_for("owner")
    running, most, lock = {}, [0], threading.Lock()

    def answer(handler, got):
        with lock:
            running[got.path] = running.get(got.path, 0) + 1
            most[0] = max(most[0], running[got.path])
        time.sleep(0.01)
        with lock:
            running[got.path] -= 1
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with running_receiver() as receiver:
        receiver.answer = answer
        endpoints = [endpoint_of(actor, f"{receiver.url}/{number}") for number in range(3)]
        with transaction.atomic():
            WebhookDelivery.objects.bulk_create(
                WebhookDelivery(endpoint=endpoint, event_uid=uuid7(), name="x", payload={}, happened_at=now())
                for endpoint in endpoints
                for _ in range(10)
            )
        arrived = at_once([partial(send.send_due)] * 4)
        while WebhookDelivery.objects.filter(state="queued").exists():
            arrived.append(send.send_due())
    assert sum(arrived) == 30
    ids = [got.headers["webhook-id"] for got in receiver.received]
    assert (len(ids), len(set(ids))) == (30, 30)
    assert most == [1]
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
