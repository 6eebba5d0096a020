"""Answers that may be a little old, kept in Redis for all processes."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")


def remember(key: str, read: Callable[[], T], *, seconds: int) -> T:
    """What `read()` gave, at most `seconds` ago; without Redis it is asked each time. None is not kept."""
    try:
        known: T | None = cache.get(key)
    except (RedisError, OSError):
        return read()
    if known is not None:
        return known
    found = read()
    try:
        cache.set(key, found, seconds)
    except (RedisError, OSError):
        return found
    return found
