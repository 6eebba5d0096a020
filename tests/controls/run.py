"""Takes one rule at a time out of a copy of the project and runs the tests that must notice."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.controls.catalogue import ROOT, Control, apply_edits, find_problems
from tests.controls.plugin import DROPS, OUTCOMES

CAUGHT, NOT_CAUGHT, NO_LONGER_APPLIES = "caught", "NOT CAUGHT", "patch no longer applies"
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
# Code that broke instead of a rule that is gone proves nothing.
_BROKEN_CODE = {"NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "SyntaxError"}
_LONGEST = 300  # seconds for the tests of one control


@dataclass(frozen=True, slots=True)
class Result:
    verdict: str
    details: tuple[str, ...] = ()


class Copy:
    """The project in a folder of its own, which the rules are taken out of."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.outcomes = folder / "outcomes"
        shutil.copytree(ROOT, self.root, ignore=_NOT_COPIED)

    def run(self, tests: list[str], *, drops: tuple[str, ...] = ()) -> dict[str, str]:
        """How each test ended: `passed`, `failed` with the kind of its error, or `error` outside of the test itself.

        The servers are those that all test runs of the checkout share; the database is the run's own.
        """
        self.outcomes.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "BAYLINK_VAR": os.environ.get("BAYLINK_VAR") or str(ROOT / "var"),
            "PYTHONPATH": str(self.root),
            DROPS: ",".join(drops),
            OUTCOMES: str(self.outcomes),
        }
        options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "tests.controls.plugin", "--tb=no"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [sys.executable, "-m", "pytest", *options, *tests],
                cwd=self.root,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST,
                check=False,
            )
        return self._read_outcomes()

    @contextlib.contextmanager
    def without(self, control: Control) -> Iterator[None]:
        """The rule is out inside of this, and back in afterwards."""
        before = {}
        for file in {edit.file for edit in control.edits if edit.old}:
            path = self.root / file
            before[path] = path.read_text(encoding="utf-8")
            edits = [edit for edit in control.edits if edit.old and edit.file == file]
            self._write(path, apply_edits(before[path], edits))
        yield
        for path, text in before.items():
            self._write(path, text)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Two edits in one second with equally long files would leave the compiled one as it was.
        if path.suffix == ".py":
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

    def _read_outcomes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        lines = self.outcomes.read_text(encoding="utf-8").splitlines() if self.outcomes.exists() else []
        for line in map(json.loads, lines):
            outcome = line["outcome"] if line["when"] == "call" else "error"
            found[line["test"]] = f"{outcome} {line['error']}".strip()
        return found


@contextlib.contextmanager
def copied_project() -> Iterator[Copy]:
    """A copy that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="controls-") as folder:
        yield Copy(Path(folder))


def try_control(copy: Copy, control: Control) -> Result:
    """Runs the control's tests without its rule."""
    if problems := find_problems(control, copy.root):
        return Result(NO_LONGER_APPLIES, tuple(problems))
    drops = tuple(edit.drop for edit in control.edits if edit.drop)
    with copy.without(control):
        outcomes = copy.run(list(control.tests), drops=drops)
    ends = {test: _end_of(test, outcomes) for test in control.tests}
    missed = {test: end for test, end in ends.items() if not _is_caught(end)}
    if missed:
        return Result(NOT_CAUGHT, tuple(f"{test}: {end}" for test, end in missed.items()))
    return Result(CAUGHT, tuple(f"{test}: {end}" for test, end in ends.items()))


def find_failing(copy: Copy, controls: list[Control]) -> list[str]:
    """Tests that fail with every rule in place: their failures would prove nothing."""
    tests = sorted({test for control in controls for test in control.tests})
    outcomes = copy.run(tests)
    return [f"{test}: {end}" for test in tests if (end := _end_of(test, outcomes)) != "passed"]


def _end_of(test: str, outcomes: dict[str, str]) -> str:
    """The worst end of a test over its parameters."""
    ends = [end for name, end in outcomes.items() if name == test or name.startswith(f"{test}[")]
    return min(ends, key=lambda end: ("error", "failed", "skipped", "passed").index(end.split()[0]), default="not run")


def _is_caught(end: str) -> bool:
    outcome, _, error = end.partition(" ")
    return outcome == "failed" and error not in _BROKEN_CODE
