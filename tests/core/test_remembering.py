"""Answers that are kept for a while."""

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from apps.core.remembering import remember


@pytest.fixture
def key():
    cache.delete("test:remembered")
    yield "test:remembered"
    cache.delete("test:remembered")


def test_it_is_asked_once_until_it_is_too_old(key):
    answers = iter([{}, {"b": 2}])

    assert [remember(key, lambda: next(answers), seconds=60) for _ in range(3)] == [{}, {}, {}]
    cache.delete(key)
    assert remember(key, lambda: next(answers), seconds=60) == {"b": 2}


def test_without_redis_it_is_asked_each_time(key, monkeypatch):
    def away(*_):
        raise RedisError

    answers = iter([1, 2])
    for name in ("get", "set"):
        monkeypatch.setattr(cache, name, away)

    assert [remember(key, lambda: next(answers), seconds=60) for _ in range(2)] == [1, 2]
