"""What must not stand in a committed file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates.sources import files, python_files, text_of, tree_of

OWN_TEXT = ("*.py", "*.html", "*.txt", "*.md", "*.toml", "*.yaml", "*.yml", "*.json", "*.css", "*.js", "*.mjs", "*.sh")
SOURCES = ("*.py", "*.html", "*.css", "*.mjs")

# Written in parts, so that this file does not find itself.
MACHINE = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "/opt/wh" + "eels", "/opt/py" + "pi", r"/home/\w+/"]))
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "pythonh" + r"osted\.org", r"registry\.np" + r"mjs", "index-" + "url"])
)
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")


def _own_text(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in files(pattern):
            if not {"vendor", "fixtures"}.intersection(path.parts) and path.parts[:2] != ("static", "baylink"):
                yield path


def _lines_with(pattern: re.Pattern[str], patterns: tuple[str, ...]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in _own_text(patterns)
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        pytest.param(MACHINE, OWN_TEXT, id="path of one machine"),
        pytest.param(REGISTRY, OWN_TEXT, id="address of a package registry"),
        pytest.param(UNFINISHED, SOURCES, id="unfinished work"),
    ],
)
def test_word_is_nowhere(pattern: re.Pattern[str], where: tuple[str, ...]) -> None:
    assert _lines_with(pattern, where) == []


def test_services_hand_nothing_to_the_queue_themselves() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files(below="apps")
        if "services" in path.parts or path.name == "services.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "delay_on_commit"}
    ]

    assert found == []


def test_no_failure_is_swallowed() -> None:
    found = [
        f"{path}:{node.lineno}"
        for folder in ("apps", "config")
        for path in python_files(below=folder)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _is_told(node)
    ]

    assert found == []


def test_engines_do_not_calculate_with_float() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files(below="apps/engines")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]

    assert found == []


def _catches_all(handler: ast.ExceptHandler) -> bool:
    kind = handler.type
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(name is None or getattr(name, "id", "") in {"Exception", "BaseException"} for name in names)


def _is_told(handler: ast.ExceptHandler) -> bool:
    """Raised again, or logged with its traceback at the border of a worker's or server's loop."""
    return any(
        isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr == "exception")
        for node in ast.walk(handler)
    )
