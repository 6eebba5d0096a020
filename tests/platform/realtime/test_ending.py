"""Sockets end when they should, at whatever moment the end comes."""

import asyncio
from functools import partial

import pytest
from django.db import OperationalError

from apps.platform.realtime import protocol, sockets
from apps.platform.realtime.hub import Subscription
from apps.platform.realtime.protocol import CloseCode
from apps.platform.realtime.services import broadcast
from tests.support.sockets import SocketClient

pytestmark = [pytest.mark.usefixtures("topics"), pytest.mark.django_db(transaction=True)]

# More turns of the event loop than any of the works needs to wake up and to end.
TURNS = 12
LEAVE = {"type": "websocket.disconnect", "code": 1001}


async def pass_turns(count: int) -> None:
    for _turn in range(count):
        await asyncio.sleep(0)


def only_socket(application) -> sockets.Socket:
    (found,) = application._hub.followers
    return found


async def ends_soon(client: SocketClient) -> bool:
    done, _pending = await asyncio.wait([client._task], timeout=3)
    return bool(done)


async def test_a_client_that_leaves_while_its_rights_are_read_anew_is_let_go(application):
    """Leaving is told some turns of the event loop before or after the order to read rights anew."""
    for turns in range(-TURNS, TURNS):
        client = await SocketClient(application).__aenter__()
        await client.subscribe("public:1")
        await asyncio.sleep(0.02)
        socket = only_socket(application)
        works = [partial(client._to_server.put_nowait, LEAVE), partial(socket.revoke, "all", "")]
        first, second = works if turns < 0 else reversed(works)
        first()
        await pass_turns(abs(turns))
        second()
        assert await ends_soon(client), turns
        assert application._hub.followers == set()
        assert application._hub._streams == {}


async def test_the_clock_of_rights_does_not_swallow_its_own_end(application, monkeypatch):
    """The patience runs out in the same moment in which the client leaves."""
    monkeypatch.setattr(protocol, "RECHECK_SECONDS", 0.005)
    for _attempt in range(20):
        client = await SocketClient(application).__aenter__()
        await asyncio.sleep(0.005)
        client._to_server.put_nowait(LEAVE)
        assert await ends_soon(client)
    assert application._hub.followers == set()


async def test_when_rights_cannot_be_read_the_client_is_asked_to_come_again(application, monkeypatch, caplog):
    def away(_identity):
        raise OperationalError("the database is away")

    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        monkeypatch.setattr(sockets.identities, "refresh", away)
        only_socket(application).revoke("all", "")
        assert await client.hear() == {}
        assert client.close_code == CloseCode.TRY_LATER
    assert "the database is away" in caplog.text
    assert application._hub._streams == {}


async def test_a_cancelled_connection_leaves_no_subscription_behind(application):
    client = await SocketClient(application).__aenter__()
    await client.subscribe("public:1")
    client._task.cancel()
    await asyncio.gather(client._task, return_exceptions=True)
    await asyncio.sleep(0.05)
    assert (application._hub.followers, application._hub._streams) == (set(), {})


async def test_the_second_follower_hears_although_the_first_left_before_redis_was_asked(application):
    async with SocketClient(application) as second:
        await second.subscribe("public:other")
        hub = application._hub
        first = await SocketClient(application).__aenter__()
        async with hub._commands:
            first.say(type="subscribe", topic="public:1")
            while "public:1" not in hub._streams:
                await asyncio.sleep(0.01)
            second.say(type="subscribe", topic="public:1")
            while len(hub._streams["public:1"]) < 2:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            first._to_server.put_nowait(LEAVE)
            await asyncio.sleep(0.05)
        assert await ends_soon(first)
        assert (await second.hear())["type"] == "subscribed"
        await asyncio.to_thread(broadcast, "public:1", "thing.moved", {"value": 1})
        assert (await second.hear())["data"] == {"value": 1}


class NarrowFollower:
    """Takes a frame only when it is told to."""

    def __init__(self):
        self.taken = []
        self.may_take = asyncio.Semaphore(0)

    async def give(self, text):
        await self.may_take.acquire()
        self.taken.append(text)

    def offer(self, text):
        self.taken.append(text)
        return True

    def drop(self, code):
        raise AssertionError(code)

    def revoke(self, kind, key):
        pass


async def test_a_catch_up_that_is_broken_off_repeats_nothing_and_leaves_nothing_out(application):
    async with SocketClient(application) as client:
        await client.subscribe("public:other")
        hub, follower = application._hub, NarrowFollower()
        row = Subscription(follower, "public:1", "public:1")
        await hub.join(row)
        while "public:1" not in hub._streams or not hub._confirmed["public:1"].is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        for value in (1, 2, 3):
            await asyncio.to_thread(broadcast, "public:1", "thing.moved", {"value": value})
        await asyncio.sleep(0.1)
        # It waits to say `subscribed`; the three events wait behind. Now the connection is lost again and again.
        for _event in range(4):
            follower.may_take.release()
            await asyncio.sleep(0.02)
            hub._start(row)
            await asyncio.sleep(0.05)
        assert ['"value":1' in text for text in follower.taken] == [False, True, False, False]
        assert ['"value":3' in text for text in follower.taken] == [False, False, False, True]
        assert row.waiting is None
        await hub.leave(row)
