"""The marks of a check-in on the drawings of the vehicle, in the views that have any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.portal.columns import capitalize
from apps.verticals.workshop.portal.desk_forms import MARK_KINDS, MARK_VIEWS

WIDTH, HEIGHT = 200, 100


@dataclass(frozen=True, slots=True)
class Mark:
    """A damage. `left` and `top` are places on the drawing, as SVG spells them."""

    number: int
    view: str
    kind: str
    label: str
    where: str
    note: str
    left: str
    top: str


def read_marks(marks: Iterable[Mapping[str, Any]]) -> list[Mark]:
    """The stored marks, numbered; those of no known view are left out."""
    known = [mark for mark in marks if mark.get("view") in MARK_VIEWS]
    return [
        Mark(
            number,
            mark["view"],
            str(mark.get("kind", "")),
            capitalize(str(MARK_KINDS.get(mark.get("kind"), mark.get("kind", "")))),
            str(MARK_VIEWS[mark["view"]]),
            str(mark.get("note", "")),
            _place(mark.get("x"), WIDTH),
            _place(mark.get("y"), HEIGHT),
        )
        for number, mark in enumerate(known, start=1)
    ]


def draw_marks(marks: Iterable[Mark]) -> list[tuple[str, Any, list[Mark]]]:
    """The views with their marks: (view, its name, marks)."""
    found = list(marks)
    drawings = [(view, label, [mark for mark in found if mark.view == view]) for view, label in MARK_VIEWS.items()]
    return [drawing for drawing in drawings if drawing[2]]


def _place(percent: Any, length: int) -> str:
    try:
        value = min(100.0, max(0.0, float(percent)))
    except (TypeError, ValueError):
        value = 50.0
    return f"{value * length / 100:.1f}"
