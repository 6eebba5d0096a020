"""Files, functions, classes and templates stay short enough to read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.gates.sources import files, python_files, text_of, tree_of

FILE, TEST_FILE, FUNCTION, CLASS, TEMPLATE = 400, 600, 60, 250, 150
PARAMETERS = 7 + 1  # and the first: self or actor
EXCEPTIONS = Path(__file__).with_name("size_exceptions.txt")


def test_nothing_is_longer_than_the_rule() -> None:
    allowed = {line for line in EXCEPTIONS.read_text().splitlines() if line and not line.startswith("#")}
    found = dict(_too_long())

    assert [f"{name}: {size}" for name, size in found.items() if name not in allowed] == []
    assert sorted(allowed - found.keys()) == [], "no longer too long: take it from the list"


def _too_long() -> Iterator[tuple[str, str]]:
    for path in python_files():
        is_test = path.parts[0] == "tests"
        lines = text_of(path).count("\n")
        if lines > (TEST_FILE if is_test else FILE):
            yield str(path), f"{lines} lines"
        if not is_test:
            yield from _too_long_inside(path)
    for path in files("*.html", below="templates"):
        lines = text_of(path).count("\n")
        if lines > TEMPLATE:
            yield str(path), f"{lines} lines"


def _too_long_inside(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        name = f"{path} {node.name}"
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > (CLASS if isinstance(node, ast.ClassDef) else FUNCTION):
            yield name, f"{lines} lines"
        if isinstance(node, ast.ClassDef):
            continue
        arguments = node.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        if count > PARAMETERS:
            yield name, f"{count} parameters"
