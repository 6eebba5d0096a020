"""Keeps a set of processes alive until told to stop, then leaves nothing behind."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from config.runtime.lock import RunLock
from config.runtime.processes import Child, ProcessId, adopt_orphans, descendants, reap_orphans, stop_tree

_TICK = 0.1
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_STEADY_AFTER = 30.0


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM arrived."""


@dataclass(slots=True)
class Watched:
    """A child with its stop action and its restart history."""

    child: Child
    stop: Callable[[], None] | None = None
    started_at: float = 0.0
    delay: float = _FIRST_DELAY
    restart_at: float | None = None
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """Starts children, restarts the dead ones with growing delays, stops all in reverse order."""

    lock: RunLock
    say: Callable[[str], None]
    patience: float = 10.0
    watched: list[Watched] = field(default_factory=list)
    _stop_requested: bool = False

    def install(self) -> None:
        """Take over the stop signals and orphaned grandchildren of this process."""
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_requested = True

    def add(self, child: Child, *, stop: Callable[[], None] | None = None) -> None:
        """Start a child and look after it; `stop` ends it where a signal would be too rough."""
        watched = Watched(child, stop)
        self.watched.append(watched)
        self._start(watched)

    def find(self, name: str) -> Watched:
        """The watched child of that name."""
        return next(watched for watched in self.watched if watched.child.name == name)

    def run_once(self, child: Child) -> int:
        """Run a command to its end while looking after the others; returns its exit code."""
        child.start()
        try:
            while (code := child.exit_code()) is None:
                self.tick()
            return code
        finally:
            child.stop(patience=2.0)

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether `condition` became true in time, while looking after the children."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            self.tick()
        return True

    def run(self) -> None:
        """Look after the children until a stop is requested."""
        while True:
            self.tick()

    def tick(self) -> None:
        """One round: notice deaths, restart what is due. Raises StopRequestedError."""
        if self._stop_requested:
            raise StopRequestedError
        for watched in self.watched:
            self._look_after(watched)
        reap_orphans(self._pids())
        time.sleep(_TICK)

    def stop(self) -> None:
        """End every child with all that it started, the last started first."""
        for watched in self.watched:
            if watched.stop is None:
                watched.child.ask_to_stop()
        for watched in reversed(self.watched):
            if watched.stop and watched.child.exit_code() is None:
                watched.stop()
            watched.child.stop(self.patience)
        self.watched.clear()
        for pid in descendants(os.getpid()):
            stop_tree(ProcessId.of(pid), patience=0.0)
        reap_orphans(())

    def _look_after(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.restart_at is not None:
            if now >= watched.restart_at:
                self._start(watched)
            return
        code = watched.child.exit_code()
        if code is None:
            return
        watched.child.bury()
        watched.deaths += 1
        if now - watched.started_at > _STEADY_AFTER:
            watched.delay = _FIRST_DELAY
        watched.restart_at = now + watched.delay
        self.say(
            f"{watched.child.name} ended ({_describe(code)}), starting it again in {watched.delay:.1f} s, "
            f"see {watched.child.log}"
        )
        watched.delay = min(watched.delay * 2, _LONGEST_DELAY)

    def _start(self, watched: Watched) -> None:
        process = watched.child.start()
        watched.started_at, watched.restart_at = time.monotonic(), None
        children = dict(self.lock.read().get("children", {}))
        children[watched.child.name] = [process.pid, process.started]
        self.lock.write(children=children)

    def _pids(self) -> Sequence[int]:
        return [watched.child.pid for watched in self.watched if watched.child.pid]


def _describe(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
