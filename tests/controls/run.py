"""Takes one rule at a time out of a copy of the project and runs the tests that must notice."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.controls.catalogue import ROOT, Control, apply_edits, find_problems
from tests.controls.plugin import DROPS, OUTCOMES, SWAPS
from tests.controls.swapping import can_be_swapped

CAUGHT, NOT_CAUGHT, NO_LONGER_APPLIES = "caught", "NOT CAUGHT", "patch no longer applies"
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
# Code that broke instead of a rule that is gone proves nothing; nor does a test that never ends.
_PROVES_NOTHING = {"NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "SyntaxError", "TestTooLong"}
_LONGEST_ALONE = 300  # seconds for the tests of one control
_LONGEST_TOGETHER = 3600
# The plugins that the tests need and no others: each start would pay for them.
_PLUGINS = ("pytest_django.plugin", "pytest_asyncio.plugin", "respx.plugin", "tests.controls.plugin")
Ends = dict[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    control: Control
    verdict: str
    details: tuple[str, ...] = ()


class Copy:
    """The project in a folder of its own, which the rules are taken out of."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.outcomes = folder / "outcomes"
        shutil.copytree(ROOT, self.root, ignore=_NOT_COPIED)

    def run(
        self,
        tests: Sequence[str],
        *,
        drops: Sequence[str] = (),
        swaps: Sequence[str] = (),
        seconds: int = _LONGEST_ALONE,
    ) -> dict[str, Ends]:
        """How each test ended, by control ("" with every rule in place).

        `passed`, `failed` with the kind of its error, or `error` outside of the test itself. The servers are those that
        all test runs of the checkout share; the database is the run's own.
        """
        self.outcomes.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "BAYLINK_VAR": os.environ.get("BAYLINK_VAR") or str(ROOT / "var"),
            "PYTHONPATH": str(self.root),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            DROPS: ",".join(drops),
            SWAPS: ",".join(swaps),
            OUTCOMES: str(self.outcomes),
        }
        options = ["-q", "-p", "no:cacheprovider", "--tb=no", *(f"-p{name}" for name in _PLUGINS)]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [sys.executable, "-m", "pytest", *options, *tests],
                cwd=self.root,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
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

    def _read_outcomes(self) -> dict[str, Ends]:
        found: dict[str, Ends] = {}
        lines = self.outcomes.read_text(encoding="utf-8").splitlines() if self.outcomes.exists() else []
        for line in map(json.loads, lines):
            outcome = line["outcome"] if line["when"] == "call" else "error"
            found.setdefault(line["control"], {})[line["test"]] = f"{outcome} {line['error']}".strip()
        return found


@contextlib.contextmanager
def copied_project() -> Iterator[Copy]:
    """A copy that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="controls-") as folder:
        yield Copy(Path(folder))


def try_controls(copy: Copy, controls: Sequence[Control]) -> Iterator[Result]:
    """Those whose rules can be swapped in one process first, then the others one by one."""
    sound = []
    for control in controls:
        if problems := find_problems(control, copy.root):
            yield Result(control, NO_LONGER_APPLIES, tuple(problems))
        else:
            sound.append(control)
    together = [control for control in sound if can_be_swapped(control, copy.root)]
    yield from _try_together(copy, together)
    for control in sound:
        if control not in together:
            yield _try_alone(copy, control)


def _try_together(copy: Copy, controls: Sequence[Control]) -> Iterator[Result]:
    tests = sorted({test for control in controls for test in control.tests})
    if not tests:
        return
    found = copy.run(tests, swaps=[control.name for control in controls], seconds=_LONGEST_TOGETHER)
    for control in controls:
        yield _judge(control, found.get(control.name, {}), found.get("", {}))


def _try_alone(copy: Copy, control: Control) -> Result:
    """First with the rule: a test that fails anyway proves nothing."""
    in_place = copy.run(control.tests).get("", {})
    drops = [edit.drop for edit in control.edits if edit.drop]
    with copy.without(control):
        return _judge(control, copy.run(control.tests, drops=drops).get("", {}), in_place)


def _judge(control: Control, without: Ends, in_place: Ends) -> Result:
    broken = [
        f"{test}: {end} with the rule in place" for test in control.tests if (end := _end(test, in_place)) != "passed"
    ]
    missed = [f"{test}: {end}" for test in control.tests if not _is_caught(end := _end(test, without))]
    if broken or missed:
        return Result(control, NOT_CAUGHT, (*broken, *missed))
    return Result(control, CAUGHT, tuple(f"{test}: {_end(test, without)}" for test in control.tests))


def _end(test: str, ends: Ends) -> str:
    """The worst end of a test over its parameters."""
    own = [end for name, end in ends.items() if name == test or name.startswith(f"{test}[")]
    return min(own, key=lambda end: ("error", "failed", "skipped", "passed").index(end.split()[0]), default="not run")


def _is_caught(end: str) -> bool:
    outcome, _, error = end.partition(" ")
    return outcome == "failed" and error not in _PROVES_NOTHING
