"""A page on a train: its socket drops fifty times while a thousand events pass, over a real server and a real socket."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from django.test import Client
from websockets.asyncio.client import ClientConnection, connect

from apps.platform.accounts.models import User
from apps.platform.organizations.models import Membership
from apps.platform.realtime import streams
from apps.platform.realtime.services import broadcast
from tests.factories.accounts import PASSWORD
from tests.factories.organizations import BranchFactory, MembershipFactory, role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.proof]
EVENTS, DROPS, FOLLOWERS = 1_000, 50, 3


@pytest.fixture
def member(transactional_db: None) -> Membership:
    MembershipFactory(role=role("owner"))
    member: Membership = MembershipFactory(role=role("advisor"))
    BranchFactory(organization=member.organization)
    return member


@pytest.fixture
def cookie(member: Membership) -> str:
    browser = Client()
    assert browser.login(username=User.objects.get(pk=member.user_id).email, password=PASSWORD)
    return browser.cookies["sessionid"].value


@pytest_asyncio.fixture
async def address() -> AsyncIterator[str]:
    from config.asgi import application

    streams.client().flushdb()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="on"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await asyncio.wait_for(task, 15)
    listener.close()
    streams.client().flushdb()


class Page:
    """A page that follows one topic and takes up where its last socket broke off."""

    def __init__(self, address: str, cookie: str, topic: str, chance: random.Random) -> None:
        self.address, self.cookie, self.topic, self.chance = address, cookie, topic, chance
        self.heard: list[int] = []
        self.position: dict[str, Any] = {}
        self.drops = 0
        self.resets = 0

    async def follow(self, until: int) -> None:
        """Reads until event `until` was heard, over as many sockets as it takes."""
        while not self.heard or self.heard[-1] < until:
            headers = {"Cookie": f"sessionid={self.cookie}"}
            url, origin = f"ws://{self.address}/ws/", f"http://{self.address}"
            ws = await connect(url, additional_headers=headers, origin=origin, max_queue=None)
            try:
                await self.read(ws, until)
            finally:
                # Half of the sockets just vanish, as in a tunnel.
                if self.chance.random() < 0.5:
                    ws.transport.abort()
                else:
                    await ws.close()
            self.drops += 1

    async def read(self, ws: ClientConnection, until: int) -> None:
        await ws.send(json.dumps({"type": "subscribe", "topic": self.topic, **self.position}))
        stay = self.chance.randint(3, 30)
        while stay:
            message = json.loads(await asyncio.wait_for(ws.recv(), 20))
            if message["type"] == "event":
                assert message["number"] == self.position["last"] + 1
                self.position["last"] = message["number"]
                self.heard.append(message["data"]["value"])
                stay -= 1
                if message["data"]["value"] == until:
                    return
            elif message["type"] in ("subscribed", "reset"):
                self.resets += message["type"] == "reset"
                self.position = {"last": message["number"], "epoch": message["epoch"]}


async def test_each_event_is_seen_once_and_in_order(address: str, member: Membership, cookie: str) -> None:
    topic = f"orders:{member.organization_id}"
    pages = [Page(address, cookie, topic, random.Random(seed)) for seed in range(FOLLOWERS)]
    chance = random.Random(99)

    async def speak() -> None:
        while not all(page.position for page in pages):
            await asyncio.sleep(0.02)
        for value in range(1, EVENTS + 1):
            await asyncio.to_thread(broadcast, topic, "order.moved", {"value": value}, event_uid=f"e{value}")
            if value % 10 == 0:
                await asyncio.to_thread(broadcast, topic, "order.moved", {"value": value}, event_uid=f"e{value}")
            await asyncio.sleep(chance.choice((0, 0, 0, 0.01)))

    await asyncio.wait_for(asyncio.gather(speak(), *(page.follow(EVENTS) for page in pages)), 60)
    for page in pages:
        assert page.heard == list(range(1, EVENTS + 1))
        assert page.drops >= DROPS
        assert page.resets == 0


async def test_a_page_that_was_further_than_a_redis_that_forgot_starts_anew(
    address: str, member: Membership, cookie: str
) -> None:
    topic = f"orders:{member.organization_id}"
    page = Page(address, cookie, topic, random.Random(1))

    async def speak(first: int, last: int) -> None:
        while not page.position:
            await asyncio.sleep(0.02)
        for value in range(first, last + 1):
            await asyncio.to_thread(broadcast, topic, "order.moved", {"value": value})

    await asyncio.gather(speak(1, 5), page.follow(5))
    await asyncio.to_thread(streams.client().flushdb)
    await asyncio.to_thread(broadcast, topic, "order.moved", {"value": 6})
    following = asyncio.create_task(page.follow(8))
    while not page.resets:
        await asyncio.sleep(0.02)
    await speak(7, 8)
    await asyncio.wait_for(following, 20)
    assert page.heard == [1, 2, 3, 4, 5, 7, 8]
    assert page.resets == 1
