"""Calling something many times from several threads, and what came of it."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """Calls per second over all clients, and how long one call took, in milliseconds."""

    per_second: float
    p50: float
    p95: float


def measure(make_call: Callable[[int], Callable[[], object]], *, clients: int, calls: int) -> Result:
    """`make_call(client)` prepares one client's call; the first call of each client is not counted."""

    def run(client: int) -> list[float]:
        call = make_call(client)
        call()
        taken = []
        for _ in range(calls):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
        return taken

    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=clients) as pool:
        times = sorted(second for row in pool.map(run, range(clients)) for second in row)
    wall = time.perf_counter() - start
    cuts = statistics.quantiles(times, n=100)
    return Result(len(times) / wall, 1000 * cuts[49], 1000 * cuts[94])
