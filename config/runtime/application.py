"""The processes that make up Baylink, and how they come up."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.runtime.lock import RunLock
from config.runtime.paths import ROOT, Layout
from config.runtime.postgres import ServiceError
from config.runtime.processes import Child, ProcessId
from config.runtime.services import DATABASE, Services, configured_services, read_dotenv
from config.runtime.supervisor import Supervisor

HOST = "127.0.0.1"
FIRST_PORT = 8000
_PORTS_TRIED = 100
_HEALTH_PATIENCE = 120.0
_DEATHS_BEFORE_GIVING_UP = 3

Command = Callable[["Application"], Sequence[str]]


def web_command(application: "Application") -> list[str]:
    """The web server's command line."""
    target = ("config.asgi:application", "--host", HOST, "--port", str(application.port))
    return [sys.executable, "-m", "uvicorn", *target, "--no-access-log", "--timeout-graceful-shutdown", "3"]


def worker_command(application: "Application") -> list[str]:
    """The job worker's command line."""
    size = application.setting("WORKER_CONCURRENCY", "3")
    return _celery("worker", "--concurrency", size, "--without-mingle", "--without-gossip")


def scheduler_command(application: "Application") -> list[str]:
    """The clock's command line."""
    return _celery("beat", "--schedule", str(application.layout.run / "schedule"), "--pidfile", "")


def prepare_command(application: "Application") -> list[str]:
    """The one-off command that migrates and fills the database."""
    return [sys.executable, "-m", "config.runtime.prepare", str(application.logins_file)]


def _celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", *arguments, "--loglevel", "INFO"]


@dataclass(frozen=True, slots=True)
class Commands:
    """What to run as each part of the application, and how many seconds each may take to stop."""

    patience: float = 10.0
    prepare: Command = prepare_command
    web: Command = web_command
    worker: Command = worker_command
    scheduler: Command = scheduler_command


@dataclass(slots=True)
class Application:
    """Everything that one `make run` starts. The environment may set PORT and WORKER_CONCURRENCY."""

    layout: Layout
    say: Callable[[str], None]
    commands: Commands = field(default_factory=Commands)
    port: int = 0
    services: Services = field(init=False)
    lock: RunLock = field(init=False)
    supervisor: Supervisor = field(init=False)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.services = configured_services(self.layout)
        self.lock = RunLock(self.layout.run)
        self.supervisor = Supervisor(self.lock, self.say, self.commands.patience)

    @property
    def logins_file(self) -> Path:
        return self.layout.run / "logins.txt"

    def setting(self, name: str, default: str) -> str:
        """A value from the environment, or else from `.env`."""
        return os.environ.get(name) or read_dotenv(ROOT / ".env").get(name) or default

    def hold(self, *, kind: str) -> None:
        """Become the one supervisor of this checkout. Raises AlreadyHeldError."""
        self.lock.acquire()
        self.supervisor.install()
        if leftovers := self.lock.clear_leftovers():
            self.say(f"Stopped what an earlier run left behind: {', '.join(leftovers)}.")
        own = ProcessId.of(os.getpid())
        self.lock.write(holder=[own.pid, own.started], kind=kind, ready=False, children={})

    def start_services(self) -> None:
        """Start the embedded servers that are needed and create the database."""
        postgres, redis = self.services.postgres, self.services.redis
        if postgres:
            postgres.prepare()
            postgres.stop()
            self.supervisor.add(postgres.child(), stop=postgres.stop)
        if redis:
            redis.prepare()
            redis.stop()
            self.supervisor.add(redis.child())
        if postgres:
            self._await("postgres", postgres.is_ready)
            postgres.ensure_database(DATABASE)
        if redis:
            self._await("redis", redis.is_ready)

    def prepare(self) -> None:
        """Migrate, load the demo world into an empty database, list the log-ins."""
        self.port = self._free_port()
        child = self._child("prepare", self.commands.prepare)
        (self.layout.logs / "prepare.log").unlink(missing_ok=True)
        if self.supervisor.run_once(child):
            raise ServiceError(f"The database could not be prepared:\n{child.log_tail()}")

    def start_processes(self) -> None:
        """Start web, and when it answers, worker and scheduler."""
        self.supervisor.add(self._child("web", self.commands.web, DB_POOL=self.setting("DB_POOL", "8")))
        self._await("web", self.answers)
        self.supervisor.add(self._child("worker", self.commands.worker))
        self.supervisor.add(self._child("scheduler", self.commands.scheduler))
        self.lock.write(ready=True, banner=self._banner())

    def run_command(self, argv: Sequence[str]) -> int:
        """Run a command on the terminal with the services' addresses; returns its exit code."""
        return self.supervisor.run_once(Child("command", argv, log=None, env=self._env(), cwd=ROOT))

    def answers(self) -> bool:
        """Whether the web server says that it is well."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2.0)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def close(self) -> None:
        """Stop everything and let the next one in."""
        self.supervisor.stop()
        self.lock.release()

    def _await(self, name: str, condition: Callable[[], bool]) -> None:
        watched = self.supervisor.find(name)

        def is_settled() -> bool:
            return watched.deaths >= _DEATHS_BEFORE_GIVING_UP or condition()

        if not self.supervisor.wait_for(is_settled, _HEALTH_PATIENCE) or not condition():
            raise ServiceError(f"{name} does not come up, see {watched.child.log}:\n{watched.child.log_tail()}")

    def _child(self, name: str, command: Command, **env: str) -> Child:
        log = self.layout.logs / f"{name}.log"
        return Child(name, command(self), log, env={**self._env(), **env}, cwd=ROOT)

    def _env(self) -> dict[str, str]:
        address = f"http://{HOST}:{self.port}" if self.port else ""
        env = {**self.services.env(), "PYTHONUNBUFFERED": "1"}
        if address and not self.setting("SITE_URL", ""):
            env["SITE_URL"] = address
        return env

    def _free_port(self) -> int:
        wanted = int(self.setting("PORT", str(FIRST_PORT)))
        for port in range(wanted, wanted + _PORTS_TRIED):
            if _is_free(port):
                if port != wanted:
                    self.say(f"Port {wanted} is taken by another program, using {port} instead.")
                return port
        raise ServiceError(f"No free port from {wanted} to {wanted + _PORTS_TRIED - 1}: set PORT.")

    def _banner(self) -> str:
        root = f"http://{HOST}:{self.port}"
        rows = [
            f"Baylink is ready after {time.monotonic() - self._began:.0f} s.",
            "",
            *(f"  {title:<22}{root}{path}" for title, path in ADDRESSES),
        ]
        logins = self.logins_file.read_text(encoding="utf-8") if self.logins_file.exists() else ""
        if logins.strip():
            rows += ["", logins.rstrip()]
        return "\n".join([*rows, "", f"Logs: {self.layout.logs}   Stop: Ctrl-C or `make stop`"])


ADDRESSES = (
    ("Garages for customers", "/"),
    ("Garage portal", "/garage/"),
    ("Distributor portal", "/distributor/"),
    ("Staff administration", "/admin/"),
    ("REST API", "/api/v1/"),
    ("API description", "/api/docs/"),
)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
