"""One pair of throw-away servers for test runs, shared by all runs of a checkout.

The first run starts them, the last one stops them, whatever happens to the runs between: each
user holds a shared file lock that the kernel takes back when the user dies.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.runtime.paths import Layout, default_layout
from config.runtime.postgres import Postgres, ServiceError
from config.runtime.redis import Redis

_DATABASE_PREFIX = "run_"
_REDIS_PER_PROCESS = 4
_PROCESSES_PER_RUN = 16
_RUNS = 64
_UNSAFE_BUT_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
    "max_wal_size": "2GB",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True, slots=True)
class SharedServices:
    """The servers as one run sees them: names and numbers that no other live run has."""

    postgres: Postgres
    redis: Redis
    run_name: str
    slot: int

    def env(self, process: int = 0) -> dict[str, str]:
        """What a process of this run (0 for the first or only one) needs in its environment."""
        return {
            "DATABASE_URL": self.postgres.url("postgres"),
            "TEST_DATABASE": self.run_name,
            "REDIS_URL": self.redis.url().partition("?")[0],
            "REDIS_DB_BASE": str(self.redis_base(process)),
        }

    def redis_base(self, process: int = 0) -> int:
        """The first of the Redis databases that belong to a process of this run."""
        return (self.slot * _PROCESSES_PER_RUN + process) * _REDIS_PER_PROCESS

    def flush_redis(self) -> None:
        """Empty this run's Redis databases, and no other."""
        first = self.redis_base(0)
        for number in range(first, first + _PROCESSES_PER_RUN * _REDIS_PER_PROCESS):
            self.redis.command(f"SELECT {number}", "FLUSHDB")

    def drop_databases(self) -> None:
        """Drop the databases that this run made."""
        _drop(self.postgres, self.run_name)


def shared_postgres(folder: Path | None = None) -> Postgres:
    """The shared database server, which may or may not be running."""
    return Postgres(Layout(folder or default_layout().var / "test"), _UNSAFE_BUT_QUICK)


@contextlib.contextmanager
def shared_services(folder: Path | None = None) -> Iterator[SharedServices]:
    """Use the shared servers, starting them when nobody has; `folder` is where they live."""
    home = folder or default_layout().var / "test"
    postgres = shared_postgres(home)
    postgres.layout.create()
    redis = Redis(postgres.layout, databases=_RUNS * _PROCESSES_PER_RUN * _REDIS_PER_PROCESS)
    with contextlib.ExitStack() as stack:
        with _locked(home / "servers.lock"):
            stack.callback(_stop_when_unused, home, postgres, redis)
            stack.enter_context(_locked(home / "users.lock", shared=True))
            _start(postgres, redis)
            _drop_abandoned(home, postgres)
            services = SharedServices(postgres, redis, _new_name(), stack.enter_context(_free_slot(home)))
            stack.enter_context(_locked(home / "runs" / services.run_name))
        services.flush_redis()
        stack.callback((home / "runs" / services.run_name).unlink, missing_ok=True)
        stack.callback(services.drop_databases)
        yield services


def _new_name() -> str:
    return f"{_DATABASE_PREFIX}{os.getpid()}_{secrets.token_hex(3)}"


def _start(postgres: Postgres, redis: Redis) -> None:
    if not postgres.is_ready():
        postgres.prepare()
        postgres.stop()
        postgres.start()
    if not redis.is_ready():
        redis.prepare()
        redis.start()


def _stop_when_unused(home: Path, postgres: Postgres, redis: Redis) -> None:
    with contextlib.suppress(BlockingIOError), _locked(home / "servers.lock"), _locked(home / "users.lock", wait=False):
        postgres.stop()
        redis.stop()


def _drop_abandoned(home: Path, postgres: Postgres) -> None:
    for mark in (home / "runs").glob(f"{_DATABASE_PREFIX}*"):
        with contextlib.suppress(BlockingIOError), _locked(mark, wait=False):
            _drop(postgres, mark.name)
            mark.unlink(missing_ok=True)


def _drop(postgres: Postgres, run_name: str) -> None:
    with contextlib.suppress(ServiceError):
        names = postgres.execute(f"SELECT datname FROM pg_database WHERE datname LIKE '{run_name}%'")
        for name in names.splitlines():
            postgres.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _free_slot(home: Path) -> Iterator[int]:
    for slot in range(_RUNS):
        try:
            held = _open_locked(home / "slots" / str(slot), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        try:
            yield slot
        finally:
            os.close(held)
        return
    raise ServiceError(f"{_RUNS} test runs at the same time are too many.")


@contextlib.contextmanager
def _locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    held = _open_locked(path, mode)
    try:
        yield
    finally:
        os.close(held)


def _open_locked(path: Path, mode: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(held, mode)
    except BlockingIOError:
        os.close(held)
        raise
    return held
