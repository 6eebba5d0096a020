"""A scratch database with the demo world, and the real processes on it, for as long as a measurement lasts."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from config.runtime.shared import shared_services

ROOT = Path(__file__).resolve().parent.parent
PORT = "8793"
ADDRESS = f"http://127.0.0.1:{PORT}"


@contextmanager
def running(*command: str, env: dict[str, str]) -> Iterator[None]:
    """A process of the project for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def bench_world() -> Iterator[str]:
    """The base address of a web process (with a worker) on a database of its own; Django is set up here too."""
    with ExitStack() as stack:
        services = stack.enter_context(shared_services())
        stack.callback(services.drop_databases)
        services.postgres.ensure_database(services.run_name)
        values = {
            **services.env(),
            "DATABASE_URL": services.postgres.url(services.run_name),
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "API_USER_RATE": "1000000/60",
            "LOG_LEVEL": "ERROR",
            "SITE_URL": ADDRESS,
        }
        os.environ.update(values)
        env = {**os.environ, "DEMO": "1", "DB_POOL": "12", "PYTHONPATH": str(ROOT)}
        for command in (["migrate", "-v", "0"], ["demo", "--if-empty"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        stack.enter_context(running("uvicorn", "config.asgi:application", "--port", PORT, "--no-access-log", env=env))
        stack.enter_context(
            running("celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "ERROR", env=env)
        )
        import django

        django.setup()
        _wait()
        yield ADDRESS


def _wait() -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{ADDRESS}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit("the web process does not come up")
