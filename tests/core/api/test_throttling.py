"""Limits per caller; they protect, they do not stop work when Redis is away."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway

from tests.factories.actors import actor_for
from tests.support.api import api_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.sample_api")]


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.API_ANONYMOUS_RATE = "3/900"
    settings.API_USER_RATE = "5/900"
    cache.clear()
    yield
    cache.clear()


def _statuses(client, times, url="/api/v1/echo", **extra):
    return [client.post(url, {}, **extra).status_code for _ in range(times)]


def test_a_stranger_is_asked_to_wait():
    client = api_client()

    assert _statuses(client, 4) == [200, 200, 200, 429]
    answer = client.post("/api/v1/echo", {})
    assert answer.json()["error"]["code"] == "RATE_001"
    assert 0 < int(answer["Retry-After"]) <= 901


def test_another_address_is_counted_apart():
    client = api_client()
    _statuses(client, 4)

    assert _statuses(client, 1, REMOTE_ADDR="10.0.0.2") == [200]


def test_a_user_has_a_limit_of_their_own():
    client = api_client(actor=actor_for("owner"))

    assert _statuses(client, 6) == [200] * 5 + [429]
    assert _statuses(api_client(actor=actor_for("owner")), 1) == [200]


def test_without_redis_everybody_passes(monkeypatch):
    def fail(*args, **kwargs):
        raise RedisAway

    monkeypatch.setattr(RedisCache, "add", fail)

    assert _statuses(api_client(), 5) == [200] * 5
