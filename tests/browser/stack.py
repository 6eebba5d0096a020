"""Web server and worker in processes of their own, on the test's database and a Redis that nobody else uses."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from config.runtime.paths import ROOT, Layout
from config.runtime.redis import Redis

_PATIENCE = 60.0
_WEB = ("uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--no-access-log", "--timeout-graceful-shutdown")
_WORKER = ("celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-mingle")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@dataclass
class Stack:
    """What a browser needs of Baylink. Everything can be killed and started again while pages are open."""

    home: Path
    database_url: str
    port: int = field(default_factory=free_port)
    _read: dict[str, int] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis(self) -> Redis:
        return Redis(Layout(self.home))

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        self.redis.prepare()
        self.redis.start()
        self.start_web()
        self.start_worker()
        self.wait_for_web()
        self.wait_for_worker()

    def start_web(self) -> None:
        self._start("web", *_WEB, "2", "--port", str(self.port), DB_POOL="8")

    def start_worker(self) -> None:
        self._start("worker", *_WORKER, "--beat", "--schedule", str(self.home / "schedule"))

    def manage(self, *command: str) -> None:
        """Runs a command of the project on the stack's database and files."""
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self._env(), check=True)

    def kill(self, name: str) -> None:
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        self._running.clear()
        self.redis.stop()
        shutil.rmtree(self.redis.layout.outside, ignore_errors=True)

    def wait_for_web(self) -> None:
        self._wait(self.answers, "web")

    def wait_for_worker(self) -> None:
        self._wait(lambda: " ready." in self.log("worker"), "worker")

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def forgive(self) -> None:
        """What the logs say of a server that was killed on purpose is no fault."""
        self._read = {name: len(self.log(name)) for name in ("web", "worker")}

    def faults(self) -> list[str]:
        """Lines of the logs that nobody wants to see."""
        lines = [line for name in ("web", "worker") for line in self.log(name)[self._read.get(name, 0) :].splitlines()]
        return [line for line in lines if '"level": "ERROR"' in line or "Traceback" in line or "[ERROR/" in line]

    def _start(self, name: str, *command: str, **env: str) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={**self._env(), **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _env(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "default",
            "DEBUG": "off",
            "DEMO": "on",
            "SECRET_KEY": "a-key-for-browser-tests-that-nothing-else-ever-uses-0123456789",
            "FIELD_KEYS": "1:YS1rZXktb25seS1mb3ItYnJvd3Nlci10ZXN0cy0wMTI=",
            "SITE_URL": self.address,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"unix://{self.redis.layout.redis_socket}",
            "REDIS_DB_BASE": "0",
            "MEDIA_ROOT": str(self.home / "media"),
        }

    def _wait(self, condition: object, name: str) -> None:
        end = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > end or self._running[name].poll() is not None:
                raise RuntimeError(f"{name} does not come up:\n{self.log(name)[-2000:]}")
            time.sleep(0.1)


@contextlib.contextmanager
def running_stack(home: Path, database_url: str) -> Iterator[Stack]:
    """A stack for as long as the block lasts."""
    stack = Stack(home, database_url)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
