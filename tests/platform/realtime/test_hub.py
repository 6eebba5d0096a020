"""Following topics: replay without gap or double, resets, lost connections, slow clients."""

import asyncio
import random

import pytest
import redis

from apps.platform.realtime import protocol, streams
from apps.platform.realtime.services import broadcast
from tests.support.sockets import SocketClient

pytestmark = [pytest.mark.usefixtures("topics"), pytest.mark.django_db(transaction=True)]


async def tell(topic: str, *values: int) -> None:
    for value in values:
        await asyncio.to_thread(broadcast, topic, "thing.moved", {"value": value})


async def hear_values(client: SocketClient, count: int) -> list[int]:
    return [(await client.hear())["data"]["value"] for _ in range(count)]


async def test_a_follower_hears_events_with_their_numbers(application):
    async with SocketClient(application) as client:
        answer = await client.subscribe("public:1")
        assert answer == {"type": "subscribed", "topic": "public:1", "number": 0, "epoch": answer["epoch"]}
        await tell("public:1", 41, 42)
        first, second = await client.hear(), await client.hear()
    assert first == {
        "type": "event",
        "topic": "public:1",
        "number": 1,
        "epoch": answer["epoch"],
        "event": "thing.moved",
        "data": {"value": 41},
    }
    assert (second["number"], second["data"]) == (2, {"value": 42})


@pytest.mark.slow
async def test_a_socket_that_was_idle_for_seven_seconds_still_gets_its_push(application):
    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        await asyncio.sleep(7)
        await tell("public:1", 1)
        assert await hear_values(client, 1) == [1]


async def test_the_same_event_is_sent_once(application):
    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        numbers = [
            await asyncio.to_thread(broadcast, "public:1", "thing.moved", {"value": 1}, event_uid="e1")
            for _ in range(3)
        ]
        assert numbers == [1, 0, 0]
        assert await hear_values(client, 1) == [1]
        assert await client.hears_nothing()


async def test_what_was_missed_is_replayed_from_the_last_number(application):
    async with SocketClient(application) as client:
        epoch = (await client.subscribe("public:1"))["epoch"]
        await tell("public:1", 1, 2)
        assert await hear_values(client, 2) == [1, 2]
    await tell("public:1", 3, 4)
    async with SocketClient(application) as client:
        answer = await client.subscribe("public:1", last=2, epoch=epoch)
        assert (answer["type"], answer["number"]) == ("subscribed", 2)
        await tell("public:1", 5)
        assert await hear_values(client, 3) == [3, 4, 5]


async def test_reset_when_redis_has_lost_the_events(application):
    await tell("public:1", 1, 2)
    await asyncio.to_thread(streams.client().flushdb)
    await tell("public:1", 3)
    async with SocketClient(application) as client:
        answer = await client.subscribe("public:1", last=2, epoch="before")
        assert (answer["type"], answer["number"]) == ("subscribed", 1)
        assert (await client.hear())["type"] == "reset"


async def test_reset_when_too_much_was_missed(application, monkeypatch):
    async with SocketClient(application) as client:
        epoch = (await client.subscribe("public:1"))["epoch"]
    await tell("public:1", *range(1, 6))
    await asyncio.to_thread(streams.client().xtrim, streams.names_of("public:1").events, maxlen=2, approximate=False)
    async with SocketClient(application) as client:
        answer = await client.subscribe("public:1", last=1, epoch=epoch)
        assert answer["number"] == 5
        assert await client.hear() == {"type": "reset", "topic": "public:1", "number": 5, "epoch": epoch}
        await tell("public:1", 6)
        assert await hear_values(client, 1) == [6]


async def test_two_clients_and_two_topics_are_kept_apart(application):
    async with SocketClient(application) as first, SocketClient(application) as second:
        await first.subscribe("public:1")
        await second.subscribe("public:2")
        await tell("public:2", 9)
        assert await hear_values(second, 1) == [9]
        assert await first.hears_nothing()


async def test_after_unsubscribing_nothing_more_comes_and_one_can_come_back(application):
    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        client.say(type="unsubscribe", topic="public:1")
        await asyncio.sleep(0.1)
        await tell("public:1", 1)
        assert await client.hears_nothing()
        assert (await client.subscribe("public:1"))["number"] == 1
        await tell("public:1", 2)
        assert await hear_values(client, 1) == [2]


async def test_a_client_that_drops_fifty_times_hears_each_event_once_in_order(application):
    total = 1000
    heard: list[int] = []
    async with SocketClient(application) as client:
        position = {"epoch": (await client.subscribe("public:1"))["epoch"], "last": 0}
    chance = random.Random(7)

    async def speak() -> None:
        for value in range(1, total + 1):
            await tell("public:1", value)

    speaker = asyncio.create_task(speak())
    drops = 0
    while len(heard) < total:
        async with SocketClient(application) as client:
            answer = await client.subscribe("public:1", **position)
            assert (answer["number"], answer["epoch"]) == (position["last"], position["epoch"])
            stay = chance.randint(1, 30) if drops < 50 else total
            while stay and len(heard) < total:
                message = await client.hear()
                assert message["type"] == "event"
                assert message["number"] == position["last"] + 1
                position["last"] = message["number"]
                heard.append(message["data"]["value"])
                stay -= 1
        drops += 1
    await speaker
    assert drops > 50
    assert heard == list(range(1, total + 1))


async def test_a_lost_redis_connection_loses_nothing(application):
    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        await tell("public:1", 1)
        assert await hear_values(client, 1) == [1]
        for value in range(2, 30):
            if value % 9 == 0:
                await asyncio.to_thread(cut_subscribers)
            await tell("public:1", value)
        assert await hear_values(client, 28) == list(range(2, 30))
        assert await client.hears_nothing()


def cut_subscribers() -> None:
    """Ends the hub's own connection, and no other run's."""
    client = streams.client()
    number = streams.channel_prefix().split(":")[1]
    for row in client.client_list(_type="pubsub"):
        if row["db"] == number:
            client.client_kill_filter(_id=row["id"])


async def test_a_subscription_made_while_redis_is_away_starts_when_it_is_back(application, monkeypatch):
    def broken(*args: object, **values: object) -> object:
        raise redis.ConnectionError("away")

    async with SocketClient(application) as client:
        await client.subscribe("public:1")
        hub = application._hub
        original = hub._read
        monkeypatch.setattr(hub, "_read", broken)
        client.say(type="subscribe", topic="public:2")
        assert await client.hears_nothing()
        monkeypatch.setattr(hub, "_read", original)
        assert (await client.hear())["topic"] == "public:2"


async def test_a_slow_client_is_cut_off_and_slows_nobody(application):
    total = protocol.QUEUE_SIZE + 200
    async with SocketClient(application) as slow, SocketClient(application) as quick:
        await slow.subscribe("public:1")
        await quick.subscribe("public:1")
        slow.reads.clear()
        heard = asyncio.create_task(hear_values(quick, total))
        await tell("public:1", *range(total))
        assert await asyncio.wait_for(heard, 20) == list(range(total))
        assert slow.close_code == 4008
        assert quick.close_code is None


async def test_a_long_replay_is_given_as_fast_as_the_client_takes_it(application):
    await tell("public:1", *range(1, 601))
    epoch = await asyncio.to_thread(streams.client().hget, streams.names_of("public:1").hash, "epoch")
    async with SocketClient(application) as client:
        await client.subscribe("public:1", last=0, epoch=epoch)
        assert await hear_values(client, 600) == list(range(1, 601))
