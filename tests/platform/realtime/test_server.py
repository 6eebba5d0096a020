"""The whole way: a real server, a real WebSocket client, from the commit to the screen."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn
from django.db import transaction
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from apps.core.actor import system_actor
from apps.core.testing.relay import run_relay
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services.sessions import end_session
from apps.platform.notifications.services import notify_users
from apps.platform.organizations.models import Membership
from apps.platform.organizations.services import build_actor
from apps.platform.organizations.services.members import remove_member
from apps.platform.realtime.protocol import CloseCode
from apps.platform.realtime.registry import TOPICS, TopicKind
from apps.platform.realtime.sockets import in_thread
from tests.factories.accounts import PASSWORD
from tests.factories.organizations import MembershipFactory, role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(transactional_db) -> Membership:
    MembershipFactory(role=role("owner"))
    return MembershipFactory(role=role("advisor"))


@pytest.fixture
def cookie(member) -> str:
    browser = Client()
    assert browser.login(username=member.user.email, password=PASSWORD)
    return browser.cookies["sessionid"].value


@pytest_asyncio.fixture
async def address(settings) -> AsyncIterator[str]:
    from config.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="on"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await asyncio.wait_for(task, 10)
    listener.close()


def open_socket(address: str, cookie: str = "", origin: str = ""):
    headers = {"Cookie": f"sessionid={cookie}"} if cookie else {}
    return connect(f"ws://{address}/ws/", additional_headers=headers, origin=origin or f"http://{address}")


async def hear(ws) -> dict:
    return json.loads(await asyncio.wait_for(ws.recv(), 20))


def tell(user: User) -> None:
    with transaction.atomic():
        notify_users("test.message", [user], organization_id=None, context={}, dedupe="d")
    run_relay()


async def test_a_notification_reaches_the_open_page(address, member, cookie):
    async with open_socket(address, cookie) as ws:
        await ws.send('{"type":"subscribe","topic":"notifications"}')
        assert (await hear(ws))["type"] == "subscribed"
        await in_thread(tell, member.user)
        message = await hear(ws)
    assert (message["topic"], message["number"], message["event"]) == ("notifications", 1, "notifications.changed")
    assert message["data"] == {"subject": str(member.user_id)}


async def test_logging_out_elsewhere_closes_the_socket(address, member, cookie):
    def log_out() -> None:
        session = UserSession.objects.get()
        end_session(build_actor(member.user), session_id=session.pk)

    async with open_socket(address, cookie) as ws:
        await ws.send('{"type":"subscribe","topic":"notifications"}')
        assert (await hear(ws))["type"] == "subscribed"
        await in_thread(log_out)
        with pytest.raises(ConnectionClosed):
            await hear(ws)
        assert ws.close_code == 4001


async def test_who_leaves_the_company_is_cut_off(address, member, cookie, monkeypatch):
    kind = TopicKind("company", lambda actor, key: str(actor.organization_id) == key, None, is_open=False)
    monkeypatch.setitem(TOPICS, "company", kind)

    def leave() -> None:
        remove_member(system_actor(member.organization_id), member)
        run_relay()

    owner = await in_thread(lambda: MembershipFactory(role=role("owner"), organization=member.organization))
    assert owner.pk
    topic = f"company:{member.organization_id}"
    async with open_socket(address, cookie) as ws:
        await ws.send(json.dumps({"type": "subscribe", "topic": topic}))
        assert (await hear(ws))["type"] == "subscribed"
        await in_thread(leave)
        with pytest.raises(ConnectionClosed):
            await hear(ws)
        assert ws.close_code == CloseCode.SESSION_ENDED


async def test_a_page_of_another_site_gets_no_socket(address, cookie):
    with pytest.raises(InvalidStatus) as refused:
        async with open_socket(address, cookie, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_another_path_has_no_socket(address):
    with pytest.raises(InvalidStatus):
        async with connect(f"ws://{address}/other/"):
            pass
