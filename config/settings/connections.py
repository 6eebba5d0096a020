"""Redis and what lives on it (cache, socket hub, job queue), and the job queue's rules."""

from urllib.parse import urlsplit

import environ

env = environ.Env()

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379")
REDIS_DB_BASE = env.int("REDIS_DB_BASE", default=0)


def redis_url(number: int) -> str:
    """The address of logical database `number` in redis-py's dialect."""
    base = REDIS_URL.split("?")[0].rstrip("/")
    number += REDIS_DB_BASE
    return f"{base}?db={number}" if base.startswith("unix:") else f"{base}/{number}"


def broker_url(number: int) -> str:
    """The same address in the job queue's dialect, which names sockets differently."""
    base = REDIS_URL.split("?")[0]
    if not base.startswith("unix:"):
        return redis_url(number)
    return f"redis+socket://{urlsplit(base).path}?virtual_host={number + REDIS_DB_BASE}"


REALTIME_REDIS_URL = redis_url(1)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url(0),
        "KEY_PREFIX": env("CACHE_KEY_PREFIX", default="baylink"),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": redis_url(1), "socket_timeout": None}],
            "capacity": 1000,
            "expiry": 60,
        },
    }
}

CELERY_BROKER_URL = broker_url(2)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 2,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
