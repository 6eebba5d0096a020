"""/metrics: closed unless opened, and right when open."""

import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client

from apps.platform.notifications.models import Delivery
from apps.platform.system.models import JobRun

pytestmark = pytest.mark.django_db
TOKEN = "a-long-token-for-the-scraper"


@pytest.fixture
def open_metrics(settings):
    cache.delete("metrics:moment")
    settings.METRICS_TOKEN, settings.METRICS_ON = TOKEN, True


def _values(answer):
    rows = (line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in rows}


def _read():
    return Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})


def test_closed_by_default():
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("open_metrics")
@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}x", "Bearer \u1ebf"])
def test_a_wrong_token_finds_nothing(header):
    assert Client().get("/metrics", HTTP_AUTHORIZATION=header).status_code == 404
    assert Client().post("/metrics").status_code == 405


def test_internal_addresses_get_in(settings):
    settings.METRICS_ADDRESSES = ["10.0.0.0/8"]

    assert Client().get("/metrics", REMOTE_ADDR="10.2.3.4").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="11.2.3.4").status_code == 404
    assert Client().get("/metrics", REMOTE_ADDR="11.2.3.4", HTTP_X_FORWARDED_FOR="10.2.3.4").status_code == 404
    assert Client().get("/metrics", REMOTE_ADDR="").status_code == 404


@pytest.mark.usefixtures("open_metrics")
def test_requests_are_counted_by_template():
    name = 'baylink_requests_total{method="GET",route="/i/<str:token>/",status="404"}'
    before = _values(_read()).get(name, 0.0)

    Client().get("/i/one/")
    Client().get("/i/two/")
    Client().generic("BREW", "/nowhere/at/all/")

    text = _read().content.decode()
    values = _values(_read())
    assert values[name] == before + 2
    assert values['baylink_request_seconds_count{method="GET",route="/i/<str:token>/"}'] >= 2
    assert values['baylink_requests_total{method="OTHER",route="(no address)",status="404"}'] >= 1
    assert "BREW" not in text
    assert "nowhere" not in text


@pytest.mark.usefixtures("open_metrics")
def test_states_of_jobs_messages_events_and_the_queue():
    JobRun.objects.create(name="nightly", state="failed")
    Delivery.objects.create(
        type="estimate.sent", channel="sms", language="vi", address="+84901234567", body="x", dedupe_key="a"
    )

    values = _values(_read())

    assert values['baylink_job_runs{state="failed"}'] == 1
    assert values['baylink_job_runs{state="running"}'] == 0
    assert values['baylink_deliveries{state="queued"}'] == 1
    assert values["baylink_outbox_waiting"] == 0
    assert values["baylink_outbox_lag_seconds"] == 0
    assert values["baylink_queue_length"] >= 0
    assert "baylink_sockets" in values


def test_processes_are_added_up(tmp_path):
    """Two processes count one request each; a third, which counted none, shows two."""
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    count = "from apps.core import numbers; numbers.observe_request('GET', '/x/', 200, seconds=0.1, queries=3)"
    show = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess as m;"
        "r = CollectorRegistry(); m.MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    for code in (count, count):
        subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=60)
    shown = subprocess.run(
        [sys.executable, "-c", show], env=env, check=True, timeout=60, capture_output=True, text=True
    )

    assert 'baylink_requests_total{method="GET",route="/x/",status="200"} 2.0' in shown.stdout
