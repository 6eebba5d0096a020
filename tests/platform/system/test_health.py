"""Health: alive always, ready only when a request can be served."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.platform.events.models import OutboxEvent
from apps.platform.system.services import check_health
from apps.platform.system.tasks import worker_heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def test_alive(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_with_a_worker(client):
    worker_heartbeat()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == {
        "database": True, "redis": True, "worker": True, "queue": True, "outbox": True, "disk": True,
    }  # fmt: skip


def test_a_silent_worker_and_a_late_event_are_told(client):
    event = OutboxEvent.objects.create(name="test.happened", subject_id=uuid7(), payload={})
    OutboxEvent.objects.filter(pk=event.pk).update(created_at=now() - timedelta(minutes=5))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert checks["worker"] == {"ok": False, "needed": False, "detail": "no worker has reported"}
    assert checks["outbox"]["ok"] is False


def test_without_redis_it_is_not_ready(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RedisAway

    monkeypatch.setattr(RedisCache, "set", fail)
    monkeypatch.setattr(RedisCache, "get", fail)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] == {"ok": False, "needed": True, "detail": "ConnectionError"}


def test_a_slow_part_does_not_hold_the_answer(client, monkeypatch):
    monkeypatch.setattr(check_health, "SECONDS", 0.2)
    monkeypatch.setattr(check_health, "check_redis", lambda: time.sleep(1) or "")

    started = time.monotonic()
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"]["detail"] == "no answer within a second"
    assert time.monotonic() - started < 0.9
