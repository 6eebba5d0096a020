"""/metrics for Prometheus: the processes' counters, and what the database and the queue hold at this moment.

Nobody gets in unless METRICS_TOKEN or METRICS_ADDRESSES is set; without them the address does not exist.
"""

import hmac
import ipaddress
import logging
import os
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client import REGISTRY as OWN_PROCESS
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

from apps.core.remembering import remember
from apps.platform.events.models import OutboxEvent
from apps.platform.notifications.models import Delivery
from apps.platform.system.models import JobRun
from config.settings.connections import redis_url

logger = logging.getLogger(__name__)
KEPT_SECONDS = 5
QUEUE_DATABASE = 2


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers as text. 404 for everybody who is not let in, as if there were nothing."""
    if not is_let_in(request):
        raise Http404
    registry: CollectorRegistry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
        parts = [generate_latest(registry)]
    else:
        parts = [generate_latest(OWN_PROCESS)]
    moment = CollectorRegistry()
    moment.register(MomentCollector())
    parts.append(generate_latest(moment))
    return HttpResponse(b"".join(parts), content_type=CONTENT_TYPE_LATEST)


def is_let_in(request: HttpRequest) -> bool:
    """By the token in the Authorization header, or by the caller's own address."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_ADDRESSES)


class MomentCollector(Collector):
    """Numbers of the whole installation, the same whichever process is asked; read at most every few seconds."""

    def collect(self) -> Iterable[Metric]:
        values = remember("metrics:moment", read_moment, seconds=KEPT_SECONDS)
        for (name, text, label), found in values.items():
            family = GaugeMetricFamily(name, text, labels=[label] if label else None)
            for key, value in found.items():
                family.add_metric([key] if label else [], value)
            yield family


def read_moment() -> dict[tuple[str, str, str], dict[str, float]]:
    """By name, help and label: the values."""
    waiting = OutboxEvent.objects.filter(relayed_at__isnull=True).aggregate(count=Count("pk"), oldest=Min("created_at"))
    age = (timezone.now() - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0.0
    return {
        ("baylink_outbox_waiting", "Events not passed on yet.", ""): {"": float(waiting["count"])},
        ("baylink_outbox_lag_seconds", "Age of the oldest event not passed on.", ""): {"": max(age, 0.0)},
        ("baylink_queue_length", "Jobs that wait for a worker.", ""): read_queue(),
        ("baylink_job_runs", "Listed jobs by state.", "state"): _by_state(JobRun),
        ("baylink_deliveries", "Messages by state.", "state"): _by_state(Delivery),
    }


def read_queue() -> dict[str, float]:
    """The length of the queue; nothing while Redis is away."""
    try:
        with Redis.from_url(redis_url(QUEUE_DATABASE), socket_timeout=1, socket_connect_timeout=1) as client:
            return {"": float(client.llen(settings.CELERY_TASK_DEFAULT_QUEUE))}
    except RedisError as error:
        logger.warning("queue length unknown: %s", error)
        return {}


def _by_state(model: type[JobRun] | type[Delivery]) -> dict[str, float]:
    counted = dict(model.objects.order_by().values_list("state").annotate(count=Count("pk")))
    return {state: float(counted.get(state, 0)) for state in model.State.values}
