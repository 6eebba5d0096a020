"""The project's own files, read once for all gates."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOREIGN = {".git", ".venv", "node_modules", "var", "__pycache__", "staticfiles"}
_TOOLS = {".hypothesis", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache"}


def files(pattern: str, *, below: str = ".") -> Iterator[Path]:
    """Own files that match, relative to the project."""
    for path in sorted((ROOT / below).rglob(pattern)):
        relative = path.relative_to(ROOT)
        if path.is_file() and not (_FOREIGN | _TOOLS).intersection(relative.parts):
            yield relative


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
