"""A thousand sockets on one web process: delay from publishing to each socket, memory, and a client that stops reading.

`python -m benchmarks.sockets [sockets] [events]` starts throw-away servers and one web process of its own.
"""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.light_client import LightClient, open_client
from benchmarks.realtime import ROOT, TOPIC, wait_until_ready
from config.runtime.shared import shared_services

PORT = "8791"
HOST = f"127.0.0.1:{PORT}"
PAUSE = 0.1
OPENED_AT_ONCE = 50
BULK = "x" * 40_000
FLOOD = 600


def memory_of(pid: int) -> float:
    """Megabytes of a process that are its own."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private")) / 1024


async def open_all(count: int) -> list[LightClient]:
    clients: list[LightClient] = []
    while len(clients) < count:
        more = min(OPENED_AT_ONCE, count - len(clients))
        clients += await asyncio.gather(*(open_client(HOST, TOPIC) for _ in range(more)))
    return clients


async def publish(events: int, text: str = "") -> list[float]:
    """Publishes at a steady pace; the moments just before each."""
    from apps.platform.realtime.services import broadcast

    moments = []
    for _ in range(events):
        moments.append(time.monotonic())
        await asyncio.to_thread(broadcast, TOPIC, "bench.moved", {"text": text})
        await asyncio.sleep(PAUSE)
    return moments


async def wait_for_events(clients: list[LightClient], events: int) -> None:
    end = time.monotonic() + 60
    while any(len(client.moments) < events for client in clients):
        if time.monotonic() > end:
            raise SystemExit("events were lost")
        await asyncio.sleep(0.05)


def delays(clients: list[LightClient], sent: list[float], first: int = 0) -> str:
    """p50, p95 and p99 in words; also sees that each client got each event once and in order."""
    found = []
    for client in clients:
        numbers = client.numbers[first : first + len(sent)]
        if numbers != list(range(numbers[0], numbers[0] + len(sent))):
            raise SystemExit("events were lost, came twice or out of order")
        found += [got - moment for got, moment in zip(client.moments[first:], sent, strict=True)]
    cuts = statistics.quantiles(found, n=100)
    return ", ".join(f"{name} {1000 * cuts[place]:.0f} ms" for name, place in (("p50", 49), ("p95", 94), ("p99", 98)))


async def measure(pid: int, sockets: int, events: int) -> None:
    (first,) = await open_all(1)
    before, began = memory_of(pid), time.monotonic()
    clients = [first, *await open_all(sockets - 1)]
    seconds = time.monotonic() - began
    each = 1024 * (memory_of(pid) - before) / max(sockets - 1, 1)
    sent = await publish(events)
    await wait_for_events(clients, events)
    say(f"{sockets} sockets opened in {seconds:.1f} s, {each:.0f} kB each")
    say(f"publish to socket, {events} events: {delays(clients, sent)}")
    await measure_slow(clients)


async def measure_slow(clients: list[LightClient]) -> None:
    """One client stops reading in a flood; the others must not notice, and it must get everything later."""
    seen = len(clients[0].moments)
    slow = await open_client(HOST, TOPIC, receive_buffer=4096)
    slow.transport.pause_reading()
    few = clients[:20]
    for client in clients[20:]:
        client.transport.close()
    count = FLOOD
    sent = await publish_quickly(count)
    await wait_for_events(few, seen + count)
    say(f"beside a client that does not read, {len(few)} sockets, {count} events of 40 kB: {delays(few, sent, seen)}")
    slow.transport.resume_reading()
    await asyncio.wait_for(slow.closed, 30)
    code = slow.close_code or "cut off"
    last = slow.numbers[-1] if slow.numbers else slow.start
    again = await open_client(HOST, TOPIC, last=last, epoch=slow.epoch)
    missed = slow.start + count - last
    await wait_for_events([again], missed)
    if slow.numbers + again.numbers != list(range(slow.start + 1, slow.start + count + 1)):
        raise SystemExit("the slow client missed something")
    say(f"it was closed ({code}) after {len(slow.numbers)} events and got the other {missed} when it came back")


async def publish_quickly(count: int) -> list[float]:
    from apps.platform.realtime.services import broadcast

    moments = []
    for _ in range(count):
        moments.append(time.monotonic())
        await asyncio.to_thread(broadcast, TOPIC, "bench.moved", {"text": BULK})
        await asyncio.sleep(0.01)
    return moments


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(sockets: int = 1000, events: int = 100) -> None:
    wanted = sockets * 2 + 200
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))
    with ExitStack() as stack:
        services = stack.enter_context(shared_services())
        stack.callback(services.drop_databases)
        services.postgres.ensure_database(services.run_name)
        address = services.postgres.url(services.run_name)
        os.environ |= {**services.env(), "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
        env = {**os.environ, "DEMO": "1", "DB_POOL": "8", "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", PORT, "--no-access-log"]
        web = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
        stack.callback(web.wait, 20)
        stack.callback(web.terminate)
        import django

        django.setup()
        wait_until_ready()
        asyncio.run(measure(web.pid, sockets, events))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
