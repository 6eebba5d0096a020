"""Several test runs on one pair of throw-away servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.paths import ROOT, Layout
from config.runtime.postgres import ServiceError
from config.runtime.shared import shared_services

HOLD = """
import sys, time
from pathlib import Path
from config.runtime.shared import shared_services
with shared_services(Path(sys.argv[1])) as services:
    services.postgres.ensure_database(services.run_name + "_gw0")
    services.redis.command(f"SELECT {services.redis_base()}", "SET mark here")
    print(services.run_name, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    outside = Layout(tmp_path).outside
    if outside.exists():
        subprocess.run(["rm", "-rf", str(outside)], check=True)


def test_two_runs_share_servers_but_no_data(home: Path) -> None:
    with shared_services(home) as first:
        with shared_services(home) as second:
            assert first.postgres == second.postgres
            assert first.run_name != second.run_name
            assert first.redis_base(15) < second.redis_base(0)

            first.redis.command(f"SELECT {first.redis_base()}", "SET mark here")
            second.flush_redis()
            first.postgres.ensure_database(f"{first.run_name}_gw0")
            second.drop_databases()

        assert first.redis.command(f"SELECT {first.redis_base()}", "EXISTS mark") == ":1"
        assert first.postgres.execute("SELECT 1", f"{first.run_name}_gw0") == "1"

    assert not first.postgres.is_ready()
    assert not first.redis.is_ready()


def test_killed_run_is_cleaned_up_by_the_next(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    with process:
        assert process.stdout is not None
        dead = process.stdout.readline().strip()
        assert dead
        process.send_signal(signal.SIGKILL)

    with shared_services(home) as services:
        databases = services.postgres.execute("SELECT datname FROM pg_database").splitlines()
        assert f"{dead}_gw0" not in databases
        assert services.redis.command(f"SELECT {services.redis_base()}", "EXISTS mark") == ":0"
    assert not services.postgres.is_ready()


def test_sql_error_is_told(home: Path) -> None:
    with shared_services(home) as services, pytest.raises(ServiceError, match="division by zero"):
        services.postgres.execute("SELECT 1/0")
