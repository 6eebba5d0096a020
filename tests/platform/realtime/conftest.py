"""A hub of one's own per test, and topics to follow."""

import pytest
import pytest_asyncio

from apps.platform.realtime import registry, streams
from apps.platform.realtime.application import RealtimeApplication


@pytest.fixture(autouse=True)
def _empty_redis():
    streams.client().flushdb()
    yield
    streams.client().flushdb()


@pytest.fixture
def topics(monkeypatch):
    """`room:<id>` for members of the organization <id>, `door-link:<token>` for whoever knows the token `open`,
    `lounge:<any>` for whoever is logged in, `public:<any>` for everybody.
    """
    monkeypatch.setattr(registry, "TOPICS", {})
    registry.register_topic("room", lambda actor, topic_id: str(actor.organization_id) == topic_id)
    registry.register_topic("door-link", follows=lambda actor, token: "door:7" if token == "open" else None)
    registry.register_topic("lounge", lambda actor, topic_id: True)
    registry.register_topic("public", lambda actor, topic_id: True, is_open=True)


@pytest_asyncio.fixture
async def application():
    application = RealtimeApplication()
    yield application
    await application.close()
