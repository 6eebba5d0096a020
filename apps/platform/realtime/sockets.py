"""One client's socket: reads what it asks, writes what the hub gives, and ends when rights or patience end."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

from apps.core import numbers
from apps.core.errors import BusinessError
from apps.platform.realtime import identity as identities
from apps.platform.realtime import protocol
from apps.platform.realtime.hub import Hub, Subscription
from apps.platform.realtime.protocol import Asked, CloseCode, ErrorCode
from apps.platform.realtime.registry import find_stream
from apps.platform.system.services.maintenance import is_closed_for

logger = logging.getLogger(__name__)
T = TypeVar("T")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# Rights are read from the database in a few threads, so that a crowd that reconnects does not take every connection.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="realtime")
_CLOSE_SECONDS = 2.0


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Runs code that reads the database; its connection is given back at once."""

    def run() -> T:
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


class Socket:
    """A follower of the hub. `run` lives as long as the connection."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, hub: Hub) -> None:
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.identity = identities.NOBODY
        self.subscriptions: dict[str, Subscription] = {}
        self._receive = receive
        self._send = send
        self._hub = hub
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(protocol.QUEUE_SIZE)
        self._closing: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._recheck = asyncio.Event()
        self._refusals = 0

    async def run(self) -> None:
        """Serves the client until it leaves, loses its session or is too slow."""
        await self._receive()
        if not identities.is_origin_allowed(self.headers):
            await self._send({"type": "websocket.close", "code": CloseCode.BAD_MESSAGE})
            return
        await self._send({"type": "websocket.accept"})
        self.identity = await in_thread(identities.identify_browser, self.headers)
        self._hub.add(self)
        works = (self._read(), self._write(), self._ping(), self._keep_checking(), self._wait_for_end())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(tasks)

    # What the hub calls

    def offer(self, text: str) -> bool:
        """Queues a frame; a client that lets too many pile up is cut off."""
        try:
            self._outgoing.put_nowait(text)
        except asyncio.QueueFull:
            self.drop(CloseCode.TOO_SLOW)
            return False
        return True

    async def give(self, text: str) -> None:
        """Queues a frame of a replay, as fast as the client takes them."""
        await self._outgoing.put(text)

    def drop(self, code: int) -> None:
        if not self._closing.done():
            numbers.sockets_dropped.labels(str(code)).inc()
            self._closing.set_result(code)

    def revoke(self, kind: str, key: str) -> None:
        """An ended session ends here and now; other changes have the rights read anew."""
        if kind == "session" and key == str(self.identity.session_id):
            self.drop(CloseCode.SESSION_ENDED)
        elif kind == "all" or (kind == "user" and key == str(self.identity.user_id)):
            self._recheck.set()

    # The works

    async def _read(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            asked = protocol.parse(message.get("text"))
            if asked is None:
                self.drop(CloseCode.BAD_MESSAGE)
                return
            await self._answer(asked)

    async def _answer(self, asked: Asked) -> None:
        if asked.type == "auth":
            await self._authenticate(asked)
        elif asked.type == "subscribe":
            await self._subscribe(asked)
        elif asked.type == "unsubscribe":
            await self._unsubscribe(asked.topic)
        elif asked.type != "pong":
            await self.give(protocol.error(asked.topic, ErrorCode.BAD_MESSAGE))

    async def _write(self) -> None:
        while True:
            text = await self._outgoing.get()
            await self._send({"type": "websocket.send", "text": text})

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(protocol.PING_SECONDS)
            self.offer(protocol.PING)

    async def _wait_for_end(self) -> None:
        await asyncio.shield(self._closing)

    async def _keep_checking(self) -> None:
        while True:
            # Not all sockets of a process at the same second.
            patience = protocol.RECHECK_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
            # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event, and the
            # socket would wait for ever for this work to end.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._recheck.wait()
            self._recheck.clear()
            await self._check_rights()

    # Answers

    async def _authenticate(self, asked: Asked) -> None:
        def identify() -> identities.Identity:
            return identities.identify_app(asked.token, organization=asked.organization, branch=asked.branch)

        try:
            self.identity = await in_thread(identify)
        except BusinessError:
            await self._refuse("", ErrorCode.BAD_TOKEN)
            return
        await self.give(protocol.AUTHENTICATED)
        await self._check_rights()

    async def _subscribe(self, asked: Asked) -> None:
        await self._unsubscribe(asked.topic)
        if await in_thread(is_closed_for, self.identity.actor):
            self.drop(CloseCode.TRY_LATER)
            return
        if len(self.subscriptions) >= protocol.MAX_TOPICS:
            await self._refuse(asked.topic, ErrorCode.TOO_MANY)
            return
        stream = await in_thread(_find_stream, self.identity, asked.topic)
        if stream is None:
            await self._refuse(asked.topic, ErrorCode.REFUSED)
            return
        subscription = Subscription(self, asked.topic, stream, last=asked.last, epoch=asked.epoch)
        self.subscriptions[asked.topic] = subscription
        await self._hub.join(subscription)

    async def _unsubscribe(self, topic: str) -> None:
        subscription = self.subscriptions.pop(topic, None)
        if subscription:
            await self._hub.leave(subscription)

    async def _refuse(self, topic: str, code: str) -> None:
        """Somebody who asks for one refused topic after the other is trying doors."""
        self._refusals += 1
        await self.give(protocol.error(topic, code))
        if self._refusals > protocol.MAX_REFUSALS:
            self.drop(CloseCode.BAD_MESSAGE)

    async def _check_rights(self) -> None:
        fresh = await in_thread(identities.refresh, self.identity)
        if fresh is None:
            self.drop(CloseCode.SESSION_ENDED)
            return
        self.identity = fresh
        if await in_thread(is_closed_for, fresh.actor):
            self.drop(CloseCode.TRY_LATER)
            return
        for topic, subscription in list(self.subscriptions.items()):
            stream = await in_thread(_find_stream, fresh, topic)
            if stream != subscription.stream and self.subscriptions.get(topic) is subscription:
                await self._unsubscribe(topic)
                await self.give(protocol.error(topic, ErrorCode.REVOKED))

    async def _end(self, tasks: list["asyncio.Task[None]"]) -> None:
        self._hub.remove(self)
        for task in tasks:
            task.cancel()
        try:
            for result in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(result, Exception):
                    logger.warning("socket ends: %r", result)
                    self.drop(CloseCode.TRY_LATER)
        finally:
            for topic in list(self.subscriptions):
                await self._unsubscribe(topic)
        if self._closing.done():
            code = self._closing.result()
            with contextlib.suppress(TimeoutError, OSError, RuntimeError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._send({"type": "websocket.close", "code": code})


def _find_stream(identity: identities.Identity, topic: str) -> str | None:
    try:
        return find_stream(identity.actor, topic)
    except BusinessError:
        return None
