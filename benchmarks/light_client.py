"""A WebSocket client that costs next to nothing, so that a thousand of them measure the server and not themselves."""

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable
from typing import Any

_TEXT, _CLOSE = 0x81, 0x88


def frame(text: str, opcode: int = _TEXT) -> bytes:
    """One masked frame, as clients send them; texts are shorter than 64 kB."""
    data, mask = text.encode(), os.urandom(4)
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return bytes([opcode]) + size + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


class LightClient(asyncio.Protocol):
    """Follows one topic. Notes for every event its number and the moment of its arrival."""

    def __init__(self, host: str, topic: str, *, last: int = -1, epoch: str = "", on_event: Any = None) -> None:
        self.host, self.topic, self.last, self.epoch = host, topic, last, epoch
        self.on_event: Callable[[], None] = on_event or (lambda: None)
        self.numbers: list[int] = []
        self.moments: list[float] = []
        self.start = -1
        self.close_code: int | None = None
        self.subscribed = asyncio.get_running_loop().create_future()
        self.closed = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET /ws/ HTTP/1.1\r\nHost: {self.host}\r\nOrigin: http://{self.host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        moment = time.monotonic()
        self._buffer += data
        if not self._is_open:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise ConnectionError(head.decode(errors="replace"))
            self._is_open, self._buffer = True, rest
            asked = {"type": "subscribe", "topic": self.topic, "last": self.last, "epoch": self.epoch}
            self.transport.write(frame(json.dumps(asked)))
        while (cut := self._cut()) is not None:
            self._take(*cut, moment)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        if not self.subscribed.done():
            self.subscribed.set_exception(ConnectionError("closed before it was subscribed"))

    def _cut(self) -> tuple[int, bytes] | None:
        """The next whole frame of the buffer."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, at = buffer[1] & 0x7F, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:at], "big")
        if len(buffer) < at + size:
            return None
        self._buffer = buffer[at + size :]
        return buffer[0], buffer[at : at + size]

    def _take(self, opcode: int, body: bytes, moment: float) -> None:
        if opcode == _CLOSE:
            self.close_code = int.from_bytes(body[:2], "big")
            self.transport.write(frame("", _CLOSE))
            return
        if opcode != _TEXT:
            return
        message = json.loads(body)
        if message["type"] == "subscribed":
            self.start, self.epoch = message["number"], message["epoch"]
            self.subscribed.set_result(None)
        elif message["type"] == "event":
            self.numbers.append(message["number"])
            self.moments.append(moment)
            self.on_event()


async def open_client(host: str, topic: str, *, receive_buffer: int = 0, **position: Any) -> LightClient:
    """A client that is subscribed. A small `receive_buffer` lets a client that stops reading block its sender soon."""
    import socket

    name, port = host.split(":")
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, (name, int(port)))
    _, client = await loop.create_connection(lambda: LightClient(host, topic, **position), sock=raw)
    await asyncio.wait_for(client.subscribed, 60)
    return client
