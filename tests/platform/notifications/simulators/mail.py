"""A mail server that keeps what it gets, and Mailgun's messages resource with signed reports."""

import email
import hashlib
import hmac
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from aiosmtpd.controller import Controller

from tests.platform.notifications.simulators.server import Answer, Call, Simulator

API_KEY, SIGNING_KEY = "mg-key", "mg-signing"


class MailServer:
    """Addresses at `nobody.example` are refused for good, as an unknown receiver is."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.port = 0

    async def _receive(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.endswith("@nobody.example"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _keep(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 accepted"

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        hooks = SimpleNamespace(handle_RCPT=self._receive, handle_DATA=self._keep)
        controller = Controller(hooks, hostname="127.0.0.1", port=_free_port())
        controller.start()
        self.port = controller.port
        try:
            yield self
        finally:
            controller.stop()


class MailgunSimulator(Simulator):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[dict[str, str]] = []

    def answer(self, call: Call) -> Answer:
        if not call.headers.get("authorization", "").startswith("Basic "):
            return Answer(401, {"message": "Forbidden"})
        if call.path != "/v3/mg.example/messages":
            return Answer(404, {"message": "no such domain"})
        fields = _fields(call)
        if fields["to"].endswith("@nobody.example"):
            return Answer(400, {"message": "'to' parameter is not a valid address"})
        self.letters.append(fields)
        return Answer(body={"id": f"<{len(self.letters)}@mg.example>", "message": "Queued. Thank you."})

    def report(self, delivery: str, event: str, *, key: str = SIGNING_KEY, **extra: Any) -> dict[str, Any]:
        """The webhook's body as Mailgun signs it."""
        stamp, token = "1529006854", hashlib.sha256(f"{delivery}{event}".encode()).hexdigest()[:50]
        signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        data = {
            "event": event,
            "id": token[:20],
            "timestamp": 1529006854.3,
            "recipient": "a@example.com",
            "message": {"headers": {"message-id": "1@mg.example"}},
            "user-variables": {"delivery": delivery},
            **extra,
        }
        return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}


def _free_port() -> int:
    """The controller cannot choose one by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fields(call: Call) -> dict[str, str]:
    """The form fields, url-encoded or multipart."""
    kind = call.headers["content-type"]
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(call.body.decode()))
    parts = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + call.body, policy=default)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode()
        for part in parts.iter_parts()
    }
