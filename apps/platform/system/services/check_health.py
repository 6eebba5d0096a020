"""What a request needs, each looked at for at most a second."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.platform.events.models import OutboxEvent

SECONDS = 1.0
HEARTBEAT_KEY = "worker:heartbeat"
HEARTBEAT_SECONDS = 60
OUTBOX_SECONDS = 120
FREE_MEGABYTES = 200
QUEUE_LENGTH = 1000
LABELS = {
    "database": _("Database"),
    "redis": _("Redis"),
    "worker": _("Worker"),
    "queue": _("Queue of the workers"),
    "outbox": _("Relay of events"),
    "disk": _("Disk"),
}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    is_good: bool
    detail: str
    is_needed: bool

    @property
    def label(self) -> str:
        """The part in words."""
        return str(LABELS[self.name])


def check_all() -> list[Check]:
    """Database and Redis are needed to answer; a late worker or a full disk is told, but takes no server out."""
    checks = [
        ("database", check_database, True),
        ("redis", check_redis, True),
        ("worker", check_worker, False),
        ("queue", check_queue, False),
        ("outbox", check_outbox, False),
        ("disk", check_disk, False),
    ]
    pool = ThreadPoolExecutor(max_workers=len(checks))
    try:
        started = [(name, pool.submit(_closing, look), needed) for name, look, needed in checks]
        return [_result(name, future, needed) for name, future, needed in started]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def check_database() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def check_redis() -> object:
    cache.set("health", "ok", 5)
    return ""


def check_worker() -> object:
    """Raises when no worker has reported for a minute."""
    seen = cache.get(HEARTBEAT_KEY)
    age = time.time() - seen if seen else None
    if age is None or age > HEARTBEAT_SECONDS:
        raise LookupError(_("no worker has reported"))
    return format_lazy(_("{seconds} s ago"), seconds=round(age))


def check_queue() -> object:
    """Raises when more messages wait for workers than they get through in a few minutes."""
    waiting = count_waiting()
    if waiting > QUEUE_LENGTH:
        raise LookupError(format_lazy(_("{number} messages wait"), number=waiting))
    return format_lazy(_("{number} waiting"), number=waiting)


def count_waiting() -> int:
    """Messages that wait for a worker. Raises RedisError or OSError when the broker does not answer."""
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    client = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        return int(client.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
    finally:
        client.close()


def check_outbox() -> object:
    """Raises when the oldest event that should have been relayed waits too long."""
    oldest = OutboxEvent.objects.filter(relayed_at__isnull=True).order_by("id").values_list("created_at", flat=True)
    first = oldest.first()
    age = (timezone.now() - first).total_seconds() if first else 0.0
    if age > OUTBOX_SECONDS:
        raise LookupError(format_lazy(_("an event waits for {seconds} s"), seconds=round(age)))
    return f"{age:.0f} s"


def check_disk() -> object:
    folder = settings.MEDIA_ROOT
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < FREE_MEGABYTES:
        raise LookupError(format_lazy(_("{number} MB free"), number=free))
    return format_lazy(_("{number} MB free"), number=free)


def _closing(look: Callable[[], object]) -> object:
    try:
        return look()
    finally:
        connection.close()


def _result(name: str, future: "Future[object]", is_needed: bool) -> Check:
    try:
        return Check(name, True, str(future.result(timeout=SECONDS)), is_needed)
    except TooSlow:
        return Check(name, False, str(_("no answer within a second")), is_needed)
    except LookupError as error:
        return Check(name, False, str(error), is_needed)
    except (DatabaseError, RedisError, OSError) as error:
        return Check(name, False, type(error).__name__, is_needed)
