"""How many calls one caller may make in a window. Without Redis everybody may pass: the limit protects, it must not stop work."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)


def count_call(name: str, limit: int, window_seconds: int) -> float | None:
    """Counts one call of `name` in the present window; the seconds to wait when it was one too many."""
    now = time.time()
    window = int(now // window_seconds)
    key = f"rate:{name}:{window}"
    try:
        cache.add(key, 0, timeout=window_seconds)
        count = cache.incr(key)
    except ValueError:  # the window ended between the two
        return None
    except (RedisError, OSError) as error:
        logger.warning("rate limit not counted: %s", error)
        return None
    return (window + 1) * window_seconds - now if count > limit else None


class WindowThrottle(BaseThrottle):
    """A fixed window per caller; subclasses name the caller and the limit (`"100/900"`: calls per seconds)."""

    scope = ""
    setting = ""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def caller(self, request: Request) -> str | None:
        """Who is counted; None counts nobody."""
        return None

    def allow_request(self, request: Request, view: Any) -> bool:
        caller = self.caller(request)
        if caller is None:
            return True
        limit, window = (int(part) for part in getattr(settings, self.setting).split("/"))
        self.seconds = count_call(f"{self.scope}:{caller}", limit, window)
        return self.seconds is None

    def wait(self) -> float | None:
        return self.seconds


class AnonymousThrottle(WindowThrottle):
    scope = "anonymous"
    setting = "API_ANONYMOUS_RATE"

    def caller(self, request: Request) -> str | None:
        is_known = request.user.is_authenticated or partner_of(request) is not None
        return None if is_known else request.META.get("REMOTE_ADDR", "")


class UserThrottle(WindowThrottle):
    scope = "user"
    setting = "API_USER_RATE"

    def caller(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else partner_of(request)


def partner_of(request: Request) -> str | None:
    """The program that calls for itself, without a person."""
    return getattr(request.user, "partner", None)
