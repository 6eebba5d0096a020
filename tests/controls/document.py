"""docs/proofs.md, written from the declared controls."""

from itertools import groupby
from pathlib import Path

from tests.controls.catalogue import ROOT, Control, Edit, read_controls

TARGET = ROOT / "docs" / "proofs.md"
_HEAD = """# Proofs

What the product promises, the tests that make it true, and the control: the rule that is taken out of a copy of the
project to see these very tests fail. `make controls` runs all controls (`make controls ARGS="-k code"` some of them) and
fails when one is not caught; a quick test sees to it that every control still fits the code. Written from
`tests/controls/lists/` by `make docs`.

{count} claims.
"""


def describe_controls() -> str:
    """The text of docs/proofs.md."""
    controls = read_controls()
    parts = [_HEAD.format(count=len(controls))]
    for area, rows in groupby(controls, key=lambda control: control.area):
        parts.append(f"\n## {area}\n\n| claim | tests | control |\n| --- | --- | --- |\n")
        parts.extend(_row(control) for control in rows)
    return "".join(parts)


def write_document(target: Path = TARGET) -> None:
    """Writes docs/proofs.md."""
    target.write_text(describe_controls(), encoding="utf-8")


def _row(control: Control) -> str:
    tests = "<br>".join(f"`{_cell(test.removeprefix('tests/'))}`" for test in control.tests)
    edits = "; ".join(dict.fromkeys(_describe(edit) for edit in control.edits))
    return f"| {_cell(control.claim)} | {tests} | `{control.name}`: {edits} |\n"


def _describe(edit: Edit) -> str:
    if edit.drop:
        return f"drops `{edit.drop}`"
    return f"edits `{edit.file.removeprefix('apps/')}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
