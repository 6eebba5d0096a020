"""Rules taken out of a running process: the code of changed functions is swapped, and swapped back afterwards.

That is exact for everything that stands inside functions. Whatever runs when a module is loaded (constants, columns,
settings) cannot be swapped; such controls change the files and get a process of their own.
"""

import contextlib
import gc
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

from tests.controls.catalogue import ROOT, Control, apply_edits


def can_be_swapped(control: Control, root: Path = ROOT) -> bool:
    """Whether all that the control changes stands inside functions."""
    if control.is_alone or not all(edit.old and edit.file.endswith(".py") for edit in control.edits):
        return False
    return all(_find_changed(control, file, root) is not None for file in _files_of(control))


@contextlib.contextmanager
def swapped(control: Control, root: Path = ROOT) -> Iterator[None]:
    """The rule is out inside of this. Raises LookupError when no living function has the code to be changed."""
    before: list[tuple[FunctionType, CodeType]] = []
    try:
        for file in _files_of(control):
            import_module(".".join(Path(file).with_suffix("").parts).removesuffix(".__init__"))
            changed = _find_changed(control, file, root) or {}
            found = [one for one in _living_functions(root / file) if one.__code__.co_qualname in changed]
            if {one.__code__.co_qualname for one in found} != set(changed):
                raise LookupError(f"{control.name}: not all of {sorted(changed)} are alive")
            for function in found:
                before.append((function, function.__code__))
                function.__code__ = changed[function.__code__.co_qualname]
        yield
    finally:
        for function, code in before:
            function.__code__ = code


def _files_of(control: Control) -> list[str]:
    return sorted({edit.file for edit in control.edits})


def _living_functions(path: Path) -> list[FunctionType]:
    name = str(path)
    # Asking a lazy object for its class would build it.
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename == name]


def _find_changed(control: Control, file: str, root: Path) -> dict[str, CodeType] | None:
    """Changed functions by their qualified name; None when something else changes, or a name stands for two."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    edited = apply_edits(text, [edit for edit in control.edits if edit.file == file])
    try:
        old, new = (compile(source, str(path), "exec") for source in (text, edited))
    except SyntaxError:
        return None
    changed: list[CodeType] = []
    if not _compare(old, new, changed):
        return None
    names = [code.co_qualname for code in changed]
    return {code.co_qualname: code for code in changed} if len(set(names)) == len(names) else None


def _compare(old: CodeType, new: CodeType, changed: list[CodeType]) -> bool:
    """Walks what runs at loading, side by side; False when that itself differs."""
    inner = [[one for one in code.co_consts if isinstance(one, CodeType)] for code in (old, new)]
    plain = [[one for one in code.co_consts if not isinstance(one, CodeType)] for code in (old, new)]
    if (old.co_code, old.co_names, plain[0], len(inner[0])) != (new.co_code, new.co_names, plain[1], len(inner[1])):
        return False
    for one, other in zip(*inner, strict=True):
        if one.co_flags & inspect.CO_OPTIMIZED:
            if not _is_same(one, other):
                changed.append(other)
                if one.co_freevars != other.co_freevars or one.co_qualname != other.co_qualname:
                    return False
        elif not _compare(one, other, changed):
            return False
    return True


def _is_same(one: CodeType, other: CodeType) -> bool:
    """The same instructions with the same values, wherever they stand."""
    if (one.co_code, one.co_names, one.co_varnames, one.co_freevars, len(one.co_consts)) != (
        other.co_code, other.co_names, other.co_varnames, other.co_freevars, len(other.co_consts),
    ):  # fmt: skip
        return False
    return all(
        _is_same(left, right) if isinstance(left, CodeType) and isinstance(right, CodeType) else left == right
        for left, right in zip(one.co_consts, other.co_consts, strict=True)
    )
