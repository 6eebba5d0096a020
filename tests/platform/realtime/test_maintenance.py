"""During maintenance sockets are asked to come back later."""

import asyncio

import pytest
from django.core.cache import cache
from django.test import Client

from apps.core.actor import system_actor
from apps.platform.realtime.protocol import CloseCode
from apps.platform.realtime.sockets import in_thread
from apps.platform.system.services.maintenance import set_maintenance
from tests.factories.accounts import PASSWORD
from tests.factories.organizations import MembershipFactory, role
from tests.support.sockets import SocketClient

pytestmark = [pytest.mark.usefixtures("topics"), pytest.mark.django_db(transaction=True)]


def cookie_of(membership):
    browser = Client()
    assert browser.login(username=membership.user.email, password=PASSWORD)
    return browser.cookies["sessionid"].value


async def test_open_sockets_end(application, transactional_db):
    member = await in_thread(lambda: MembershipFactory(role=role("advisor")))
    cookie, topic = await in_thread(cookie_of, member), f"room:{member.organization_id}"
    async with SocketClient(application, cookie=cookie) as client:
        assert (await client.subscribe(topic))["type"] == "subscribed"
        await in_thread(lambda: set_maintenance(system_actor(), is_on=True))
        for _step in range(50):
            if client.close_code:
                break
            await asyncio.sleep(0.1)
        assert client.close_code == CloseCode.TRY_LATER
    await in_thread(lambda: set_maintenance(system_actor(), is_on=False))
    cache.clear()
