"""How long it takes from the commit of a change until open screens hear of it.

`python -m benchmarks.realtime [sockets] [events]` starts a throw-away database, a web process and a worker of its own.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.runtime.shared import shared_services

ROOT = Path(__file__).resolve().parent.parent
PORT = "8791"
PAUSE = 0.05
TOPIC = "inbox"


@contextmanager
def running(*command: str, env: dict[str, str]) -> Iterator[None]:
    """A process of the project for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def publish_event() -> float:
    """Commits one event; returns the moment of the commit."""
    from django.db import transaction

    from apps.platform.events.models import OutboxEvent
    from apps.platform.events.services import wake_relay

    with transaction.atomic():
        OutboxEvent.objects.create(name="bench.moved", subject_id=uuid.uuid4(), payload={}, topics=[TOPIC])
    committed = time.monotonic()
    wake_relay()
    return committed


async def listen(count: int, heard: list[list[float]]) -> None:
    from websockets.asyncio.client import connect

    async with connect(f"ws://127.0.0.1:{PORT}/ws/", origin=f"http://127.0.0.1:{PORT}") as ws:
        await ws.send(json.dumps({"type": "subscribe", "topic": TOPIC}))
        start = json.loads(await ws.recv())["number"]
        heard.append([])
        own = heard[-1]
        while len(own) < count:
            message = json.loads(await ws.recv())
            if message["type"] == "event":
                own.append(time.monotonic())
                if message["number"] != start + len(own):
                    raise SystemExit("events were lost or came twice")


async def measure(sockets: int, events: int) -> list[float]:
    """Seconds from commit to socket, for every event and every socket."""
    heard: list[list[float]] = []
    listeners = [asyncio.create_task(listen(events, heard)) for _ in range(sockets)]
    while len(heard) < sockets:
        await asyncio.sleep(0.05)
    commits = []
    for _ in range(events):
        commits.append(await asyncio.to_thread(publish_event))
        await asyncio.sleep(PAUSE)
    await asyncio.wait_for(asyncio.gather(*listeners), 60)
    return [moment - committed for own in heard for moment, committed in zip(own, commits, strict=True)]


def wait_until_ready() -> None:
    import httpx

    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit("the web process does not come up")


def main(sockets: int = 200, events: int = 100) -> None:
    with ExitStack() as stack:
        services = stack.enter_context(shared_services())
        stack.callback(services.drop_databases)
        services.postgres.ensure_database(services.run_name)
        values = {
            **services.env(),
            "DATABASE_URL": services.postgres.url(services.run_name),
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
        }
        os.environ.update(values)
        env = {**os.environ, "DEMO": "1", "DB_POOL": "8", "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
        stack.enter_context(running("uvicorn", "config.asgi:application", "--port", PORT, "--no-access-log", env=env))
        stack.enter_context(
            running("celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "ERROR", env=env)
        )
        import django

        django.setup()
        wait_until_ready()
        time.sleep(3)
        delays = sorted(asyncio.run(measure(sockets, events)))
    cuts = statistics.quantiles(delays, n=100)
    p50, p95, p99 = (1000 * cuts[place] for place in (49, 94, 98))
    sys.stdout.write(
        f"{sockets} sockets, {events} events, commit to socket in ms:"
        f" p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f}, max {1000 * delays[-1]:.0f}\n"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
