"""Bodies beyond the limit are refused before they are stored anywhere: Django itself would write them all to disk."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from apps.core.api.envelope import refusal
from apps.core.api.errors import BodyTooLarge

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class BodyLimit:
    """Wraps the server entry. A declared length is believed at once, an undeclared one counted as it comes."""

    def __init__(self, application: Application, most: int) -> None:
        self.application = application
        self.most = most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared and (not declared.isdigit() or int(declared) > self.most):
            await refuse(scope, send)
            return
        counted, is_over, is_answered = 0, False, False

        async def count() -> Message:
            nonlocal counted, is_over
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.most:
                is_over = True
                return {"type": "http.disconnect"}
            return message

        async def watch(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        await self.application(scope, count, watch)
        if is_over and not is_answered:
            await refuse(scope, send)


async def refuse(scope: Message, send: Send) -> None:
    """413 in the form that the address speaks, and the connection ends."""
    error = BodyTooLarge()
    if scope["path"].startswith("/api/"):
        body, kind = json.dumps(refusal(error), default=str).encode(), b"application/json"
    else:
        body, kind = f"<!doctype html><meta charset=utf-8><title>413</title><p>{error}</p>".encode(), b"text/html"
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"content-length", str(len(body)).encode()),
               (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]  # fmt: skip
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
