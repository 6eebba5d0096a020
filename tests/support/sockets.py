"""A client of `/ws/` that talks to the application in the same process."""

import asyncio
import json
from typing import Any

from apps.platform.realtime.application import RealtimeApplication

PATIENCE = 20.0


class SocketClient:
    """`async with SocketClient(application) as client:`; `close_code` is set when the server hangs up."""

    def __init__(
        self, application: RealtimeApplication, *, cookie: str = "", origin: str = "http://testserver"
    ) -> None:
        self._application = application
        headers = [(b"host", b"testserver")]
        if origin:
            headers.append((b"origin", origin.encode()))
        if cookie:
            headers.append((b"cookie", f"sessionid={cookie}".encode()))
        self._scope = {"type": "websocket", "path": "/ws/", "headers": headers}
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.close_code: int | None = None
        self.is_accepted = False

    async def __aenter__(self) -> "SocketClient":
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._application(self._scope, self._to_server.get, self._take))
        first = await asyncio.wait_for(self._from_server.get(), PATIENCE)
        self.is_accepted = first["type"] == "websocket.accept"
        if not self.is_accepted:
            self.close_code = first["code"]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.reads.set()
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._task, PATIENCE)

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.close_code = message["code"]
        else:
            await self.reads.wait()
        self._from_server.put_nowait(message)

    def say(self, **message: Any) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def say_text(self, text: str) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next message that is no ping; an empty one when the server hung up."""
        while True:
            frame = await asyncio.wait_for(self._from_server.get(), timeout)
            if frame["type"] == "websocket.close":
                return {}
            message: dict[str, Any] = json.loads(frame["text"])
            if message["type"] != "ping":
                return message

    async def hears_nothing(self, seconds: float = 0.3) -> bool:
        try:
            await self.hear(seconds)
        except TimeoutError:
            return True
        return False

    async def subscribe(self, topic: str, **position: Any) -> dict[str, Any]:
        self.say(type="subscribe", topic=topic, **position)
        return await self.hear()
