"""Start, watch and stop a process together with everything it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_CHILD_SUBREAPER = 36
_LONGEST_LOG = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process that stays recognisable after its number was given to another one."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        return cls(pid, start_mark(pid))

    def is_alive(self) -> bool:
        return bool(self.started) and start_mark(self.pid) == self.started


def start_mark(pid: int) -> str:
    """The kernel's start time of a live process; empty for a dead one or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return _start_mark_by_ps(pid) if sys.platform != "linux" else ""
    return "" if fields[0] in "ZX" else fields[19]


def _start_mark_by_ps(pid: int) -> str:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def adopt_orphans() -> None:
    """Let grandchildren whose parent dies become our children instead of init's (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(known: Iterable[int]) -> None:
    """Bury adopted processes that have ended; `known` are waited for by their owners."""
    owned = set(known)
    with contextlib.suppress(ChildProcessError):
        while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if dead.si_pid in owned:
                return
            os.waitpid(dead.si_pid, os.WNOHANG)


def descendants(pid: int) -> list[int]:
    """All live processes below `pid`, nearest first."""
    children = _children_by_parent()
    found: list[int] = []
    layer = [pid]
    while layer:
        layer = [child for parent in layer for child in children.get(parent, ())]
        found += layer
    return found


def _children_by_parent() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    return children


def stop_tree(process: ProcessId, *, patience: float) -> None:
    """End a process and its descendants: SIGTERM, after `patience` seconds SIGKILL."""
    if not process.is_alive():
        return
    family = [process, *map(ProcessId.of, descendants(process.pid))]
    _send(family[:1], signal.SIGTERM)
    _wait_until_gone(family[:1], patience)
    family += [ProcessId.of(pid) for pid in descendants(process.pid)]
    _send(family, signal.SIGTERM)
    _wait_until_gone(family, min(patience, 1.0))
    _send(family, signal.SIGKILL)
    _wait_until_gone(family, 5.0)


def _send(family: Sequence[ProcessId], number: signal.Signals) -> None:
    for member in family:
        if member.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(member.pid, number)


def _wait_until_gone(family: Sequence[ProcessId], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(member.is_alive() for member in family):
        time.sleep(0.05)


def _rotate(log: Path) -> None:
    if log.is_file() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_suffix(".old.log"))


@dataclass(slots=True)
class Child:
    """One supervised command. Its output goes to its own log file, or without one to the terminal."""

    name: str
    argv: Sequence[str]
    log: Path | None
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: int | None = None
    group: int | None = None
    _popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self._popen else None

    def start(self) -> ProcessId:
        """Start the command in a session of its own, so that Ctrl-C reaches only us."""
        with self._output() as output:
            self._popen = subprocess.Popen(
                list(self.argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                cwd=self.cwd,
                env={**os.environ, **self.env},
                start_new_session=True,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
            )
        return ProcessId.of(self._popen.pid)

    def exit_code(self) -> int | None:
        """None while it runs; otherwise its return code (negative: the signal)."""
        return self._popen.poll() if self._popen else -1

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._popen and self._popen.poll() is None:
            self._popen.terminate()

    def stop(self, patience: float = 10.0) -> None:
        """End it with all of its descendants."""
        if self._popen is None:
            return
        if self._popen.poll() is None:
            stop_tree(ProcessId.of(self._popen.pid), patience=patience)
        self.bury()

    def bury(self) -> None:
        """Kill what a dead command left running in its process group."""
        if self._popen is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(5)

    def log_tail(self, lines: int = 25) -> str:
        """The last lines that the command wrote."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _output(self) -> contextlib.AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return contextlib.nullcontext()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log)
        return self.log.open("ab")
