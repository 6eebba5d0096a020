"""Who runs here: one holder per layout, recognisable and cleanable after a sudden death."""

import fcntl
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.runtime.processes import ProcessId, stop_tree


class AlreadyHeldError(Exception):
    """Another live process holds the lock."""


@dataclass(slots=True)
class RunLock:
    """A file lock, which the kernel frees when its holder dies, and a state file beside it.

    The state file names the holder and its children. When the lock is free but the file is
    there, the holder was killed, and `clear_leftovers` stops the children that outlived it.
    """

    folder: Path
    _handle: int | None = None
    _state: dict[str, Any] = field(default_factory=dict)

    @property
    def state_file(self) -> Path:
        return self.folder / "state.json"

    def acquire(self) -> None:
        """Become the holder, or raise AlreadyHeldError."""
        self._handle = _locked_file(self.folder)

    def release(self) -> None:
        """Give up the lock and forget the state."""
        if self._handle is None:
            return
        self.state_file.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = None

    def is_held(self) -> bool:
        """Whether a live process holds the lock."""
        try:
            os.close(_locked_file(self.folder))
        except AlreadyHeldError:
            return True
        return False

    def read(self) -> dict[str, Any]:
        """What the holder last wrote; empty when nobody did."""
        try:
            return dict(json.loads(self.state_file.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def write(self, **changes: Any) -> None:
        """Change named parts of the state, in one step for readers."""
        self._state.update(changes)
        draft = self.state_file.with_suffix(".new")
        draft.write_text(json.dumps(self._state))
        draft.replace(self.state_file)

    def clear_leftovers(self) -> list[str]:
        """Stop what a killed holder left running; returns the names. Only for the new holder."""
        stopped = []
        for name, (pid, started) in self.read().get("children", {}).items():
            orphan = ProcessId(pid, started)
            if orphan.is_alive():
                stop_tree(orphan, patience=5.0)
                stopped.append(name)
        self.state_file.unlink(missing_ok=True)
        return stopped


def _locked_file(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise AlreadyHeldError from error
    return handle
