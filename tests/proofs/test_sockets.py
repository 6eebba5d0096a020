"""Many sockets on one web process, over a real server: everybody hears everything, and who does not read slows nobody."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn

from apps.platform.realtime import streams
from apps.platform.realtime.services import broadcast
from benchmarks.light_client import LightClient, open_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.proof]
SOCKETS, EVENTS, FLOOD, BULK = 150, 40, 450, "x" * 40_000
# On a machine that does other things too; docs/performance.md has the figures of a quiet one.
PATIENT_SECONDS = 2.0


@pytest_asyncio.fixture
async def host(settings) -> AsyncIterator[str]:
    from config.asgi import application

    settings.DEMO = True
    streams.client().flushdb()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="on"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await asyncio.wait_for(task, 30)
    listener.close()
    streams.client().flushdb()


async def _publish(count: int, text: str = "", pause: float = 0.02) -> list[float]:
    moments = []
    for _ in range(count):
        moments.append(time.monotonic())
        await asyncio.to_thread(broadcast, "inbox", "test.moved", {"text": text})
        await asyncio.sleep(pause)
    return moments


async def _wait(clients: list[LightClient], count: int) -> None:
    async with asyncio.timeout(60):
        while any(len(client.numbers) < count for client in clients):
            await asyncio.sleep(0.02)


def _slowest(clients: list[LightClient], sent: list[float]) -> float:
    """The 99th of a hundred delays."""
    found = sorted(got - moment for client in clients for got, moment in zip(client.moments, sent, strict=True))
    return found[int(len(found) * 0.99)]


async def test_many_sockets_hear_every_event_once_and_in_order(host):
    clients = [client for _ in range(3) for client in await asyncio.gather(
        *(open_client(host, "inbox") for _ in range(SOCKETS // 3)))]  # fmt: skip

    sent = await _publish(EVENTS)
    await _wait(clients, EVENTS)

    assert all(client.numbers == list(range(1, EVENTS + 1)) for client in clients)
    assert _slowest(clients, sent) < PATIENT_SECONDS
    for client in clients:
        client.transport.close()


async def test_who_does_not_read_is_dropped_slows_nobody_and_catches_up(host):
    slow = await open_client(host, "inbox", receive_buffer=4096)
    quick = await asyncio.gather(*(open_client(host, "inbox") for _ in range(10)))
    slow.transport.pause_reading()

    sent = await _publish(FLOOD, BULK, pause=0.005)
    await _wait(quick, FLOOD)
    slow.transport.resume_reading()
    await asyncio.wait_for(slow.closed, 30)

    assert all(client.numbers == list(range(1, FLOOD + 1)) for client in quick)
    assert _slowest(quick, sent) < PATIENT_SECONDS
    assert len(slow.numbers) < FLOOD
    last = slow.numbers[-1] if slow.numbers else slow.start
    again = await open_client(host, "inbox", last=last, epoch=slow.epoch)
    await _wait([again], FLOOD - last)
    assert slow.numbers + again.numbers == list(range(1, FLOOD + 1))
    for client in (*quick, again):
        client.transport.close()
