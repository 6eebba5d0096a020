"""Who may follow what, and what happens when that changes."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from apps.core.clock import now
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.services.sessions import open_session
from apps.platform.accounts.services.tokens import issue_tokens
from apps.platform.organizations.models import Membership
from apps.platform.realtime import protocol
from apps.platform.realtime.services import broadcast, revoke_session, revoke_user
from apps.platform.realtime.sockets import in_thread
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory, role
from tests.support.sockets import SocketClient

pytestmark = [pytest.mark.usefixtures("topics"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def member(transactional_db):
    return MembershipFactory(role=role("advisor"))


@pytest.fixture
def cookie(member):
    browser = Client()
    assert browser.login(username=member.user.email, password=PASSWORD)
    return browser.cookies["sessionid"].value


@pytest.fixture
def token(member):
    return issue_tokens(app_session(member.user)).access_token


def app_session(user: User) -> UserSession:
    return open_session(user, kind=UserSession.Kind.APP, method="password")


def end_session(kind: str = "browser") -> UUID:
    """Ends it in the database alone; the sockets are not told."""
    session = UserSession.objects.get(kind=kind)
    UserSession.objects.filter(pk=session.pk).update(ended_at=now())
    return session.pk


def room(member: Membership) -> str:
    return f"room:{member.organization_id}"


async def test_a_browser_follows_topics_of_its_company(application, member, cookie):
    async with SocketClient(application, cookie=cookie) as client:
        assert (await client.subscribe(room(member)))["type"] == "subscribed"


async def test_a_topic_of_another_company_is_refused_like_one_that_does_not_exist(application, member, cookie):
    other = await in_thread(MembershipFactory)
    async with SocketClient(application, cookie=cookie) as client:
        for topic in (room(other), "room:nonsense", "room", "nothing:1", ""):
            assert await client.subscribe(topic) == {"type": "error", "topic": topic, "code": "refused"}
        await asyncio.to_thread(broadcast, room(other), "thing.moved", {})
        assert await client.hears_nothing()


async def test_an_app_says_who_it_is_with_its_token(application, member, token):
    async with SocketClient(application, origin="") as client:
        assert (await client.subscribe(room(member)))["code"] == "refused"
        client.say(type="auth", token=token)
        assert await client.hear() == {"type": "authenticated"}
        assert (await client.subscribe(room(member)))["type"] == "subscribed"


async def test_a_forged_token_changes_nothing(application, member, token):
    async with SocketClient(application, origin="") as client:
        client.say(type="auth", token=token[:-4] + "AAAA")
        assert (await client.hear())["code"] == "bad_token"
        assert (await client.subscribe(room(member)))["code"] == "refused"


async def test_a_company_that_is_not_theirs_cannot_be_named(application, token):
    other = await in_thread(MembershipFactory)
    async with SocketClient(application, origin="") as client:
        client.say(type="auth", token=token, organization=str(other.organization_id))
        assert (await client.hear())["code"] == "bad_token"
        assert (await client.subscribe(room(other)))["code"] == "refused"


async def test_nobody_follows_link_topics_with_the_right_secret_only(application):
    async with SocketClient(application) as client:
        assert (await client.subscribe("door-link:wrong"))["code"] == "refused"
        assert (await client.subscribe("door-link:open"))["type"] == "subscribed"
        await asyncio.to_thread(broadcast, "door:7", "door.opened", {"subject": "7"})
        message = await client.hear()
        assert (message["topic"], message["event"]) == ("door-link:open", "door.opened")


async def test_topics_are_for_people_who_are_logged_in(application, cookie):
    async with SocketClient(application) as stranger, SocketClient(application, cookie=cookie) as browser:
        assert (await stranger.subscribe("lounge:1"))["code"] == "refused"
        assert (await stranger.subscribe("public:1"))["type"] == "subscribed"
        assert (await browser.subscribe("lounge:1"))["type"] == "subscribed"


async def test_a_page_of_another_site_is_turned_away(application, cookie):
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        async with SocketClient(application, cookie=cookie, origin=origin) as client:
            assert not client.is_accepted
    async with SocketClient(application, cookie=cookie, origin="") as client:
        assert not client.is_accepted


async def test_an_ended_session_is_cut_off_at_once(application, member, cookie):
    async with SocketClient(application, cookie=cookie) as client:
        await client.subscribe(room(member))
        await asyncio.to_thread(revoke_session, await in_thread(end_session))
        assert await client.hear() == {}
        assert client.close_code == 4001


async def test_another_session_stays(application, member, cookie, token):
    async with SocketClient(application, origin="") as app, SocketClient(application, cookie=cookie) as browser:
        app.say(type="auth", token=token)
        await app.hear()
        await app.subscribe(room(member))
        await browser.subscribe(room(member))
        await asyncio.to_thread(revoke_session, await in_thread(end_session))
        assert await browser.hear() == {}
        await asyncio.to_thread(broadcast, room(member), "thing.moved", {})
        assert (await app.hear())["type"] == "event"


async def test_a_lost_membership_ends_its_topics_and_not_the_socket(application, member, cookie):
    async with SocketClient(application, cookie=cookie) as client:
        await client.subscribe(room(member))
        await client.subscribe("public:1")
        yesterday = now().date() - timedelta(days=1)
        await in_thread(lambda: Membership.objects.filter(pk=member.pk).update(active_to=yesterday))
        await asyncio.to_thread(revoke_user, member.user_id)
        assert await client.hear() == {"type": "error", "topic": room(member), "code": "revoked"}
        await asyncio.to_thread(broadcast, room(member), "thing.moved", {})
        await asyncio.to_thread(broadcast, "public:1", "thing.moved", {})
        assert (await client.hear())["topic"] == "public:1"


async def test_rights_are_looked_at_again_by_the_clock(application, member, cookie, monkeypatch):
    monkeypatch.setattr(protocol, "RECHECK_SECONDS", 0.2)
    async with SocketClient(application, cookie=cookie) as client:
        await client.subscribe(room(member))
        await in_thread(end_session)
        assert await client.hear() == {}
        assert client.close_code == 4001


async def test_a_stranger_with_a_user_account_of_no_company_follows_nothing(application, member):
    user = await in_thread(UserFactory)
    token = await in_thread(lambda: issue_tokens(app_session(user)).access_token)
    async with SocketClient(application, origin="") as client:
        client.say(type="auth", token=token)
        await client.hear()
        assert (await client.subscribe(room(member)))["code"] == "refused"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", '{"type":5}', '{"type":"subscribe","topic":"' + "a" * 300 + '"}']
)
async def test_nonsense_ends_the_socket(application, text):
    async with SocketClient(application) as client:
        client.say_text(text)
        assert await client.hear() == {}
        assert client.close_code == 4000


async def test_whoever_tries_door_after_door_is_shown_out(application):
    async with SocketClient(application) as client:
        for number in range(protocol.MAX_REFUSALS + 1):
            client.say(type="subscribe", topic=f"door-link:{number}")
        while await client.hear():
            pass
        assert client.close_code == 4000


async def test_one_socket_follows_a_limited_number_of_topics(application):
    async with SocketClient(application) as client:
        for number in range(protocol.MAX_TOPICS):
            assert (await client.subscribe(f"public:{number}"))["type"] == "subscribed"
        assert (await client.subscribe("public:last"))["code"] == "too_many_topics"
