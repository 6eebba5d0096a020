"""A relay that is killed with -9 again and again still does everything, once and in order."""

import os
import random
import subprocess
import sys
import time
import uuid
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from apps.platform.audit.models import AuditLog
from apps.platform.events.models import HandledEvent, OutboxEvent
from apps.platform.realtime import streams

SUBJECTS = 3
STROKES = 400
KILLS = 5
PATIENCE = 90


def start() -> subprocess.Popen[str]:
    """A relay on the database of this test, that is at work."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.relay_process"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DB_POOL": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def left() -> int:
    return OutboxEvent.objects.filter(relayed_at__isnull=True).count()


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_nothing_is_lost_doubled_or_out_of_order():
    subjects = [uuid.uuid4() for _ in range(SUBJECTS)]
    OutboxEvent.objects.bulk_create(
        OutboxEvent(
            name="bell.tolled",
            subject_id=subject,
            payload={"subject_id": str(subject), "organization_id": None, "stroke": stroke},
            topics=[f"bell:{subject}"],
        )
        for stroke in range(STROKES)
        for subject in subjects
    )
    chance = random.Random(11)
    for _ in range(KILLS):
        process = start()
        time.sleep(chance.uniform(0.1, 1.0))
        stop(process)
    assert 0 < left() < SUBJECTS * STROKES

    process = start()
    deadline = time.monotonic() + PATIENCE
    while left() and time.monotonic() < deadline:
        time.sleep(0.2)
    stop(process)

    assert left() == 0
    assert HandledEvent.objects.count() == SUBJECTS * STROKES
    for subject in subjects:
        lines = AuditLog.objects.filter(entity_id=subject).order_by("created_at", "id")
        assert [line.data["stroke"] for line in lines] == list(range(STROKES))
        assert streams.client().hget(streams.names_of(f"bell:{subject}").hash, "number") == str(STROKES)
