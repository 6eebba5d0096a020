"""The one place in a web process that listens to Redis and fans out to its sockets in memory.

One connection subscribes once per stream, however many sockets follow it. A subscription that starts, or that lived
through a broken connection, is brought up to date from the kept events: first the channel is subscribed, then the
events are read, and what the channel brought meanwhile is dropped when it was read already. So nothing is missed and
nothing comes twice.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from redis import asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from apps.core import numbers
from apps.platform.realtime import protocol, streams

logger = logging.getLogger(__name__)
_QUIET_SECONDS = 15.0
_PARALLEL_READS = 32
_FIRST_DELAY = 0.1
_LONGEST_DELAY = 2.0


class Follower(Protocol):
    """A socket as the hub sees it."""

    def offer(self, text: str) -> bool: ...

    async def give(self, text: str) -> None: ...

    def drop(self, code: int) -> None: ...

    def revoke(self, kind: str, key: str) -> None: ...


@dataclass(eq=False, slots=True)
class Subscription:
    """One socket following one stream under one topic. While it catches up, live events wait in `waiting`."""

    follower: Follower
    topic: str
    stream: str
    last: int = -1
    epoch: str = ""
    is_announced: bool = False
    waiting: deque[tuple[int, str, str]] | None = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


def _is_known(row: Subscription, number: int, epoch: str) -> bool:
    return epoch == row.epoch and number <= row.last


def _next_frame(row: Subscription, number: int, epoch: str, body: str) -> str:
    """What the follower is told about an event that it does not know."""
    is_next = number == row.last + 1 if epoch == row.epoch else number == 1
    return protocol.event(row.topic, number, epoch, body) if is_next else protocol.reset(row.topic, number, epoch)


class Hub:
    """Use within one event loop: `join`, `leave`, `close`. Connects at the first `add`, reconnects by itself."""

    def __init__(self) -> None:
        self.followers: set[Follower] = set()
        self._streams: dict[str, set[Subscription]] = {}
        self._by_channel: dict[str, str] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._reader: asyncio.Task[None] | None = None
        self._pubsub: Any = None
        self._commands = asyncio.Lock()
        self._orders: set[asyncio.Task[None]] = set()
        self._client = redis.Redis.from_url(
            settings.REALTIME_REDIS_URL, socket_timeout=5, socket_connect_timeout=2, decode_responses=True
        )
        self._read = self._client.register_script(streams.READ)
        self._reads = asyncio.Semaphore(_PARALLEL_READS)

    def add(self, follower: Follower) -> None:
        """Counts a socket in, so that it hears of revocations."""
        self.followers.add(follower)
        numbers.sockets.inc()
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._listen())

    def remove(self, follower: Follower) -> None:
        if follower in self.followers:
            self.followers.discard(follower)
            numbers.sockets.dec()

    async def join(self, subscription: Subscription) -> None:
        """Starts following. The follower is told `subscribed` as soon as Redis answers, however long that takes."""
        members = self._streams.setdefault(subscription.stream, set())
        members.add(subscription)
        if len(members) == 1:
            channel = streams.names_of(subscription.stream).channel
            self._by_channel[channel] = subscription.stream
            self._confirmed[subscription.stream] = asyncio.Event()
            await self._tell(lambda pubsub: pubsub.subscribe(channel))
        self._start(subscription)

    async def leave(self, subscription: Subscription) -> None:
        if subscription.task:
            subscription.task.cancel()
        members = self._streams.get(subscription.stream, set())
        members.discard(subscription)
        if members or subscription.stream not in self._streams:
            return
        channel = streams.names_of(subscription.stream).channel
        del self._streams[subscription.stream], self._by_channel[channel], self._confirmed[subscription.stream]
        await self._tell(lambda pubsub: pubsub.unsubscribe(channel))

    async def close(self) -> None:
        """Lets go of Redis."""
        tasks = [row.task for row in self._all_subscriptions() if row.task]
        if self._reader:
            tasks.append(self._reader)
        tasks += self._orders
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    # Catching up

    def _start(self, subscription: Subscription) -> None:
        if subscription.task:
            subscription.task.cancel()
        if subscription.waiting is None:
            subscription.waiting = deque()
        subscription.task = asyncio.create_task(self._catch_up(subscription))

    async def _catch_up(self, subscription: Subscription) -> None:
        delay = _FIRST_DELAY
        while True:
            await self._confirmed[subscription.stream].wait()
            try:
                epoch, number, is_whole, bodies = await self._read_missed(subscription)
                break
            except (RedisError, OSError):
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LONGEST_DELAY)
        await self._tell_state(subscription, epoch, number, bodies if is_whole else None)
        while subscription.waiting:
            # Noted as told after it was told: whoever cancels this in between starts it anew from here.
            number, epoch, body = subscription.waiting[0]
            if not _is_known(subscription, number, epoch):
                await subscription.follower.give(_next_frame(subscription, number, epoch, body))
                subscription.last, subscription.epoch = number, epoch
            subscription.waiting.popleft()
        subscription.waiting = None
        subscription.task = None

    async def _read_missed(self, subscription: Subscription) -> tuple[str, int, bool, list[str]]:
        names = streams.names_of(subscription.stream)
        arguments: list[str | int] = [streams.new_epoch(), streams.KEPT_SECONDS, subscription.epoch, subscription.last]
        async with self._reads:
            epoch, number, is_whole, bodies = await self._read(keys=[names.hash, names.events], args=arguments)
        return epoch, int(number), bool(is_whole), bodies

    async def _tell_state(self, row: Subscription, epoch: str, number: int, bodies: list[str] | None) -> None:
        """Says where the topic stands, then what was missed; `bodies` None when that cannot be told any more."""
        start = row.last if bodies is not None else number
        if not row.is_announced:
            await row.follower.give(protocol.subscribed(row.topic, start, epoch))
            row.is_announced = True
        if bodies is None and row.epoch:
            await row.follower.give(protocol.reset(row.topic, number, epoch))
        for missed, body in enumerate(bodies or [], start=start + 1):
            await row.follower.give(protocol.event(row.topic, missed, epoch, body))
            row.last = missed
        row.last, row.epoch = number, epoch

    # Live events

    def _fan_out(self, channel: str, payload: str) -> None:
        digits, epoch, body = payload.split(" ", 2)
        number = int(digits)
        for row in list(self._streams.get(self._by_channel.get(channel, ""), ())):
            if row.waiting is None:
                if not _is_known(row, number, epoch):
                    row.follower.offer(_next_frame(row, number, epoch, body))
                    row.last, row.epoch = number, epoch
            elif len(row.waiting) < streams.KEPT_EVENTS:
                row.waiting.append((number, epoch, body))
            else:
                row.follower.drop(protocol.CloseCode.TOO_SLOW)

    def _revoke(self, payload: str) -> None:
        kind, _, key = payload.partition(":")
        for follower in list(self.followers):
            follower.revoke(kind, key)

    # The connection

    async def _listen(self) -> None:
        delay = _FIRST_DELAY
        while True:
            try:
                async with self._connected() as pubsub:
                    async with self._commands:
                        await pubsub.subscribe(streams.revocation_channel(), *self._by_channel)
                        self._pubsub = pubsub
                    while True:
                        await self._take(pubsub)
                        delay = _FIRST_DELAY
            except (RedisError, OSError) as error:
                logger.warning("live events: %s, connecting again", error)
            except Exception:
                logger.exception("live events stopped, connecting again")
            self._lost()
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        connection = redis.Redis.from_url(
            settings.REALTIME_REDIS_URL,
            socket_timeout=None,
            socket_connect_timeout=2,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        pubsub = connection.pubsub()
        try:
            yield pubsub
        finally:
            self._pubsub = None
            with contextlib.suppress(RedisError, OSError):
                await pubsub.aclose()
                await connection.aclose()

    async def _take(self, pubsub: Any) -> None:
        message = await pubsub.get_message(timeout=_QUIET_SECONDS)
        if message is None:
            # A connection that died without a word shows here: the next quarter of a minute brings no answer either.
            async with asyncio.timeout(5):
                await pubsub.ping()
            answer = await pubsub.get_message(timeout=5.0)
            if answer is None:
                raise ConnectionError("Redis does not answer")
            message = answer
        handle: dict[str, Callable[[str, Any], None]] = {"subscribe": self._on_subscribed, "message": self._on_message}
        if message["type"] in handle:
            handle[message["type"]](message["channel"], message["data"])

    def _on_subscribed(self, channel: str, _: Any) -> None:
        stream = self._by_channel.get(channel)
        if stream is None:
            return
        if self._confirmed[stream].is_set():
            # Subscribed anew: something may have passed in between.
            for row in self._streams[stream]:
                self._start(row)
        self._confirmed[stream].set()

    def _on_message(self, channel: str, payload: str) -> None:
        if channel == streams.revocation_channel():
            self._revoke(payload)
        else:
            self._fan_out(channel, payload)

    def _lost(self) -> None:
        """Everybody catches up, and is checked anew, as soon as the connection is back."""
        for event in self._confirmed.values():
            event.clear()
        for row in self._all_subscriptions():
            self._start(row)
        self._revoke("all:")

    def _all_subscriptions(self) -> Iterator[Subscription]:
        return (row for rows in list(self._streams.values()) for row in list(rows))

    async def _tell(self, command: Callable[[Any], Any]) -> None:
        """Changes what is listened to.

        A socket that ends while it waits for this does not take the order with it: another one may follow the same
        stream by then, and a command that is broken off takes the connection of all down.
        """
        order = asyncio.create_task(self._order(command))
        self._orders.add(order)
        order.add_done_callback(self._orders.discard)
        await asyncio.shield(order)

    async def _order(self, command: Callable[[Any], Any]) -> None:
        """Without a connection the next one starts with the right list anyway."""
        async with self._commands:
            if self._pubsub is not None:
                with contextlib.suppress(RedisError, OSError):
                    await command(self._pubsub)
