"""Gives a test run its own databases on the shared throw-away PostgreSQL and Redis.

Loaded by `-p`, because pytest-django reads the settings before any conftest is seen. The
controlling process starts or joins the servers; xdist workers inherit the addresses and take
Redis databases of their own. Migrations run once per state of the migration files: every test
database is a copy of that template.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.db import connections

from config.runtime.paths import ROOT
from config.runtime.postgres import Postgres, ServiceError
from config.runtime.shared import shared_postgres, shared_services

_KEPT_TEMPLATES = 6
_stack = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Put the addresses into the environment before the settings are read."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        base = int(os.environ["REDIS_DB_BASE_OF_RUN"])
        os.environ["REDIS_DB_BASE"] = str(base + 4 * (1 + int(worker.removeprefix("gw"))))
    else:
        _join()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> None:
    """Only a test that needs the database waits for the template."""
    if fixturedef.argname == "django_db_setup":
        _use_template()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Drop the run's databases; the last run stops the servers."""
    _stack.close()


def _join() -> None:
    # A run that fails before it begins is never unconfigured.
    atexit.register(_stack.close)
    services = _stack.enter_context(shared_services())
    os.environ.update(services.env())
    os.environ["REDIS_DB_BASE_OF_RUN"] = os.environ["REDIS_DB_BASE"]
    os.environ.setdefault("DB_POOL", "0")


def _use_template() -> None:
    try:
        name = _ensure_template(shared_postgres())
    except ServiceError as error:
        print(f"No template database, migrating for this run alone:\n{error}", file=sys.stderr)
    else:
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = name


def _ensure_template(postgres: Postgres) -> str:
    """Name of the migrated database for today's migration files, made when it is not there."""
    name = f"template_{_digest_of_migrations()}"
    with _exclusive(postgres.layout.run / "template.lock"):
        existing = _templates(postgres)
        if name not in existing:
            _drop_old_templates(postgres, existing)
            _build_template(postgres, name)
    return name


def _digest_of_migrations() -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted(ROOT.glob("apps/**/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _templates(postgres: Postgres) -> list[str]:
    rows = postgres.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' ORDER BY oid")
    return rows.splitlines()


def _drop_old_templates(postgres: Postgres, existing: list[str]) -> None:
    for name in existing[:-_KEPT_TEMPLATES]:
        postgres.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
        postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _build_template(postgres: Postgres, name: str) -> None:
    draft = f"{os.environ['TEST_DATABASE']}_template_{os.getpid()}"
    postgres.ensure_database(draft)
    answer = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--noinput", "--skip-checks", "-v", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": postgres.url(draft),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise ServiceError(answer.stderr.strip()[-400:])
    postgres.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    postgres.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true ALLOW_CONNECTIONS false')


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
