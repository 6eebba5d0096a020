"""Where running processes keep their files."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A unix socket's address holds 108 bytes; PostgreSQL appends ".s.PGSQL.5432.lock".
_LONGEST_SOCKET_DIR = 85


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one set of servers and processes, all below `var`."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def postgres_data(self) -> Path:
        return self._home / "pgdata"

    @property
    def postgres_sockets(self) -> Path:
        return self._sockets / "pg"

    @property
    def redis_socket(self) -> Path:
        return self._sockets / "redis.sock"

    def create(self) -> None:
        """Make the folders that must exist before anything starts."""
        for folder in (self.run, self.logs, self._home, self._sockets):
            folder.mkdir(parents=True, exist_ok=True)
        if self.outside.exists() and self.outside.stat().st_uid != os.getuid():
            raise PermissionError(f"{self.outside} belongs to another user")

    @property
    def outside(self) -> Path:
        """A folder of this layout alone, with a short name, that every user may enter."""
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        lasting = Path("/var/tmp")
        return (lasting if lasting.is_dir() else Path(tempfile.gettempdir())) / f"baylink-{os.getuid()}-{digest}"

    @property
    def _home(self) -> Path:
        return self.var if database_fits(self.var) else self.outside

    @property
    def _sockets(self) -> Path:
        inside = self._home / "sock"
        return inside if len(str(inside / "pg")) <= _LONGEST_SOCKET_DIR else self.outside / "sock"


def database_fits(folder: Path) -> bool:
    """Whether the database server can live in `folder`.

    PostgreSQL refuses to run as root, so root starts it as another user, who must be able to
    enter every folder on the way. Opening a private folder for everyone is not ours to do.
    """
    return os.geteuid() != 0 or open_to_others(folder)


def open_to_others(path: Path) -> bool:
    """Whether any user may pass through all existing folders that lead to `path`."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.is_dir())


def default_layout() -> Layout:
    """The layout of this checkout: `var/`, or the folder named by BAYLINK_VAR."""
    return Layout(Path(os.environ.get("BAYLINK_VAR") or ROOT / "var").absolute())
