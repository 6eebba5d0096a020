"""How the whole platform is: what staff look at first when something is wrong."""

import platform
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import django
import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from redis.exceptions import RedisError

from apps.core.clock import now
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery
from apps.platform.system.models import JobRun
from apps.platform.system.services.check_health import Check, check_all, count_waiting
from apps.platform.system.services.maintenance import describe_maintenance

RECENT = timedelta(hours=24)
_LARGEST = 5


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """`status`: healthy, warning (something is late or failed) or critical (requests cannot be served)."""

    status: str
    checks: list[Check]
    versions: dict[str, str]
    sizes: dict[str, Any]
    queue: dict[str, Any]
    jobs: dict[str, Any]
    deliveries: dict[str, Any]
    outbox: dict[str, Any]
    maintenance: dict[str, Any] = field(default_factory=dict)


def describe_system() -> SystemHealth:
    """Reads everything anew. Without Redis its figures are missing; raises django.db.DatabaseError without a database."""
    checks = check_all()
    jobs, deliveries, outbox = count_jobs(), count_deliveries(), count_outbox()
    is_worried = bool(jobs["failed"] or deliveries["dead"] or outbox["failing"])
    if not all(one.is_good for one in checks if one.is_needed):
        status = "critical"
    else:
        status = "warning" if is_worried or not all(one.is_good for one in checks) else "healthy"
    return SystemHealth(
        status=status,
        checks=checks,
        versions=read_versions(),
        sizes=measure_sizes(),
        queue=measure_queue(),
        jobs=jobs,
        deliveries=deliveries,
        outbox=outbox,
        maintenance=describe_maintenance(),
    )


def read_versions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = str(cursor.fetchone()[0])
    return {
        "baylink": read_own_version(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": postgres,
        "redis": str(_ask_redis("server", "redis_version") or ""),
    }


def measure_sizes() -> dict[str, Any]:
    """Bytes of the database and of its largest tables; rows are the planner's estimate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid), greatest(reltuples, 0)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT %s",
            [_LARGEST],
        )
        tables = [{"table": name, "bytes": size, "rows": rows} for name, size, rows in cursor.fetchall()]
    memory = _ask_redis("memory", "used_memory")
    return {"database_bytes": database, "largest_tables": tables, "redis_bytes": memory}


def measure_queue() -> dict[str, Any]:
    """How many messages wait for a worker; None when Redis does not answer."""
    try:
        return {"waiting": count_waiting()}
    except (RedisError, OSError):
        return {"waiting": None}


def count_jobs() -> dict[str, Any]:
    """Jobs that wait and run, and those that failed or ended well in the last day."""
    states = JobRun.State
    open_ones = dict(
        JobRun.objects.filter(state__in=[states.QUEUED, states.RUNNING])
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    ended = dict(
        JobRun.objects.filter(finished_at__gte=now() - RECENT)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    return {
        "waiting": open_ones.get(states.QUEUED, 0),
        "running": open_ones.get(states.RUNNING, 0),
        "failed": ended.get(states.FAILED, 0),
        "done": ended.get(states.DONE, 0),
    }


def count_deliveries() -> dict[str, Any]:
    """Messages that wait, and those given up in the last day."""
    waiting = Delivery.objects.filter(state=Delivery.State.QUEUED)
    dead = Delivery.objects.filter(state=Delivery.State.FAILED, created_at__gte=now() - RECENT)
    return {"waiting": waiting.count(), "dead": dead.count()}


def count_outbox() -> dict[str, Any]:
    """Events that are not relayed yet: how many, since when, and how many of them fail."""
    waiting = OutboxEvent.objects.filter(relayed_at__isnull=True).order_by()
    figures = waiting.aggregate(number=Count("pk"), oldest=Min("created_at"))
    age = int((now() - figures["oldest"]).total_seconds()) if figures["oldest"] else 0
    return {
        "waiting": figures["number"],
        "oldest_seconds": age,
        "failing": waiting.exclude(last_error="").count(),
    }


def _ask_redis(section: str, name: str) -> Any:
    """One figure of Redis, None when it does not answer."""
    client = redis.Redis.from_url(settings.REALTIME_REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return client.info(section)[name]
    except (RedisError, OSError):
        return None
    finally:
        client.close()


@cache
def read_own_version() -> str:
    """The version of the platform itself."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
