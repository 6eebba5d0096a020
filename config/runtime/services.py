"""Which database and Redis this checkout uses: real ones by address, or embedded ones."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.runtime.paths import ROOT, Layout, default_layout
from config.runtime.postgres import Postgres
from config.runtime.redis import Redis

DATABASE = "baylink"


@dataclass(frozen=True, slots=True)
class Services:
    """The embedded servers that this checkout needs; None where a real one is named."""

    postgres: Postgres | None
    redis: Redis | None

    def env(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the embedded servers."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(DATABASE)
        if self.redis:
            found["REDIS_URL"] = self.redis.url()
        return found


def configured_services(layout: Layout | None = None, env: Mapping[str, str] | None = None) -> Services:
    """The embedded servers to run: none of a kind whose address is in the environment or `.env`."""
    layout = layout or default_layout()
    named = {**read_dotenv(ROOT / ".env"), **(os.environ if env is None else env)}
    return Services(
        postgres=None if named.get("DATABASE_URL") else Postgres(layout),
        redis=None if named.get("REDIS_URL") else Redis(layout),
    )


def connection_env() -> dict[str, str]:
    """Addresses of this checkout's embedded servers, running or not, where no real one is named.

    Costs a few file look-ups and starts nothing. Empty where `make run` was never called, as in
    production, so that a forgotten DATABASE_URL is noticed there.
    """
    services = configured_services()
    return Services(
        postgres=services.postgres if services.postgres and services.postgres.exists() else None,
        redis=services.redis if services.redis and services.redis.exists() else None,
    ).env()


def apply_connection_env() -> None:
    """Put the embedded servers' addresses into `os.environ` where no real server is named."""
    for name, value in connection_env().items():
        os.environ.setdefault(name, value)


def read_dotenv(path: Path) -> dict[str, str]:
    """NAME=value lines of a file; empty when there is none. Quotes around a value are dropped."""
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found
