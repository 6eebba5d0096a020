"""The project's own files, read once for all gates."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOREIGN = {".git", ".venv", "node_modules", "var", "__pycache__", "staticfiles"}
_TOOLS = {".hypothesis", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache"}


@cache
def _all() -> tuple[Path, ...]:
    """Every own file, relative to the project; folders that are not ours are not even entered."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in _FOREIGN | _TOOLS]
        found.extend(Path(folder, name).relative_to(ROOT) for name in names)
    return tuple(sorted(found))


def files(pattern: str, *, below: str = ".") -> Iterator[Path]:
    """Own files that match, relative to the project."""
    start = Path(below)
    for path in _all():
        if path.match(pattern) and (below == "." or start in path.parents) and (ROOT / path).is_file():
            yield path


def python_files(*, below: str = ".") -> Iterator[Path]:
    """Own Python files but migrations."""
    return (path for path in files("*.py", below=below) if "migrations" not in path.parts)


@cache
def text_of(path: Path) -> str:
    """The text of an own file."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of an own Python file."""
    return ast.parse(text_of(path), str(path))
