"""The declared controls, and what can be said about them without running anything."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LISTS = Path(__file__).with_name("lists")


@dataclass(frozen=True, slots=True)
class Edit:
    """One place to change: a text that stands once in its file, or a constraint, index or trigger of the database."""

    file: str
    old: str = ""
    new: str = ""
    drop: str = ""

    def count_in(self, text: str) -> int:
        """How often what is taken out stands in the file's text; once is right.

        A trigger stands there as its own statement, or as `append_only(...)` of its table.
        """
        if self.old:
            return text.count(self.old)
        marks = (f'"{self.drop.removesuffix("_append_only")}"', f"CREATE TRIGGER {self.drop} ")
        return sum(text.count(mark) for mark in marks)


@dataclass(frozen=True, slots=True)
class Control:
    """A rule, how to take it out, and the tests that must then fail: each of them.

    `is_alone` controls get a process of their own, because their tests start further ones.
    """

    name: str
    area: str
    claim: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    is_alone: bool = False


def read_controls() -> list[Control]:
    """All controls, by area and in the order in which they are declared."""
    return [control for path in sorted(LISTS.glob("*.toml")) for control in _read(path)]


def find_problems(control: Control, root: Path = ROOT) -> list[str]:
    """Why the control cannot be run as it stands: an edit that no longer applies, a test that is not there."""
    return [*_problems_of_edits(control, root), *_problems_of_tests(control, root)]


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text of a file without the rule."""
    for edit in edits:
        text = text.replace(edit.old, edit.new)
    return text


def _read(path: Path) -> Iterator[Control]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in data["control"]:
        yield Control(
            name=row["name"],
            area=data["area"],
            claim=row["claim"],
            edits=tuple(_edit(values) for values in row["edit"]),
            tests=tuple(row["tests"]),
            is_alone=row.get("alone", False),
        )


def _edit(values: dict[str, Any]) -> Edit:
    # A multi-line text begins after its quotes' line and ends before the closing ones.
    return Edit(**{name: value.rstrip("\n") for name, value in values.items()})


def _problems_of_edits(control: Control, root: Path) -> Iterator[str]:
    for edit in control.edits:
        path = root / edit.file
        count = edit.count_in(path.read_text(encoding="utf-8")) if path.is_file() else 0
        if count != 1:
            yield f"{control.name}: stands {count} times in {edit.file}: {edit.old or edit.drop!r}"
    if not control.edits:
        yield f"{control.name}: takes nothing out"
    for file in {edit.file for edit in control.edits if edit.old and edit.file.endswith(".py")}:
        if problem := _compile_problem(control, root / file, file):
            yield problem


def _compile_problem(control: Control, path: Path, file: str) -> str:
    if not path.is_file():
        return ""
    text = apply_edits(path.read_text(encoding="utf-8"), [edit for edit in control.edits if edit.file == file])
    try:
        ast.parse(text)
    except SyntaxError as error:
        return f"{control.name}: {file} is no Python any more without the rule: {error}"
    return ""


def _problems_of_tests(control: Control, root: Path) -> Iterator[str]:
    for test in control.tests:
        file, _, name = test.partition("::")
        if name.split("::")[-1].partition("[")[0] not in _functions_in(root / file):
            yield f"{control.name}: there is no test {test}"
    if not control.tests:
        yield f"{control.name}: names no test"


@cache
def _functions_in(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
