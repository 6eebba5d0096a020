"""`make run` as its user meets it, with tiny processes in place of Django."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.runtime.paths import ROOT, Layout
from config.runtime.postgres import Postgres
from config.runtime.processes import ProcessId, descendants, start_mark

PATIENCE = 30.0


class Run:
    """One `up` in a folder of its own."""

    def __init__(self, var: Path, port: int, *, embedded: bool) -> None:
        self.var = var
        self.env = {**os.environ, "BAYLINK_VAR": str(var), "PORT": str(port), "PYTHONPATH": str(ROOT)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            self.env[name] = "real://server"
            if embedded:
                del self.env[name]
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, action: str = "up") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.fake_baylink", action],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def up(self) -> subprocess.Popen[str]:
        process = self.start()
        eventually(lambda: self._is_ready(process) or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        return process

    def _is_ready(self, process: subprocess.Popen[str]) -> bool:
        state = self.state()
        return bool(state.get("ready")) and state["holder"][0] == process.pid

    def call(self, action: str) -> tuple[int, str]:
        process = self.start(action)
        output, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, output

    def state(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.var / "run" / "state.json").read_text()))
        except FileNotFoundError:
            return {}

    def child(self, name: str) -> int:
        return int(self.state()["children"][name][0])


def eventually(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def family_of(process: subprocess.Popen[str]) -> list[ProcessId]:
    eventually(lambda: len(descendants(process.pid)) >= 5)
    return [ProcessId.of(pid) for pid in (process.pid, *descendants(process.pid))]


def living(family: list[ProcessId]) -> list[int]:
    return [member.pid for member in family if member.is_alive()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def make_run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    made: list[Run] = []

    def make(*, port: int | None = None, embedded: bool = False) -> Run:
        made.append(Run(tmp_path, port or free_port(), embedded=embedded))
        return made[-1]

    yield make
    for run in made:
        run.call("stop")
        for process in run.processes:
            process.kill()
            process.communicate()


def test_second_start_shows_the_first_one_and_starts_nothing(make_run: Callable[..., Run]) -> None:
    run = make_run()
    first = run.up()
    children = run.state()["children"]

    code, output = run.call("up")

    assert code == 0
    assert f"already running (process {first.pid})" in output
    assert f"http://127.0.0.1:{run.env['PORT']}/garage/" in output
    assert "advisor@a.vn / secret" in output
    assert run.state()["children"] == children
    assert run.call("status")[0] == 0


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_killed_child_is_replaced(make_run: Callable[..., Run], name: str) -> None:
    run = make_run()
    run.up()
    victim = run.child(name)
    grandchildren = [ProcessId.of(pid) for pid in descendants(victim)]

    os.kill(victim, signal.SIGKILL)

    eventually(lambda: run.child(name) != victim)
    assert start_mark(run.child(name))
    if name == "web":
        assert living(grandchildren) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_leaves_nothing_behind(make_run: Callable[..., Run], number: signal.Signals) -> None:
    run = make_run()
    process = run.up()
    family = family_of(process)

    process.send_signal(number)
    process.wait(PATIENCE)

    assert process.returncode == 0
    assert living(family) == []
    assert run.state() == {}
    assert run.call("status")[0] == 3


def test_next_start_clears_what_a_killed_supervisor_left(make_run: Callable[..., Run]) -> None:
    run = make_run()
    first = run.up()
    family = family_of(first)
    first.kill()
    first.wait(PATIENCE)
    assert living(family)

    run.up()

    assert living(family) == []


def test_stop_clears_what_a_killed_supervisor_left(make_run: Callable[..., Run]) -> None:
    run = make_run()
    first = run.up()
    family = family_of(first)
    first.kill()
    first.wait(PATIENCE)

    code, output = run.call("stop")

    assert code == 0
    assert "left behind: web, worker, scheduler" in output
    assert living(family) == []


def test_taken_port_moves_on_to_the_next_and_says_so(make_run: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = occupant.getsockname()[1]
        run = make_run(port=port)
        process = run.up()
        banner = run.state()["banner"]
        run.call("stop")
        output, _ = process.communicate(timeout=PATIENCE)

    assert f"Port {port} is taken by another program, using" in output
    assert f"http://127.0.0.1:{port}/" not in banner


def test_embedded_servers_survive_a_kill_and_stop_with_the_rest(make_run: Callable[..., Run]) -> None:
    run = make_run(embedded=True)
    layout = Layout(run.var)
    process = run.up()
    before = {name: run.child(name) for name in ("postgres", "redis")}
    family = family_of(process)

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    for name, pid in before.items():
        eventually(lambda name=name, pid=pid: run.child(name) != pid)
    eventually(Postgres(layout).is_ready)
    family += family_of(process)
    assert run.call("stop")[0] == 0

    process.wait(PATIENCE)
    assert living(family) == []
    assert not (layout.postgres_data / "postmaster.pid").exists()
    shutil.rmtree(layout.outside, ignore_errors=True)


def test_failing_preparation_is_told_and_leaves_nothing(make_run: Callable[..., Run]) -> None:
    run = make_run()
    run.env["BAYLINK_VAR"] = str(run.var)
    (run.var / "run" / "logins.txt").mkdir(parents=True)

    code, output = run.call("up")

    assert code == 1
    assert "The database could not be prepared" in output
    assert "IsADirectoryError" in output
    assert run.state() == {}
