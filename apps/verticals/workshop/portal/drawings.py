"""The drawing of a vehicle with the marks of its check-in, ready to be shown."""

from collections.abc import Sequence
from typing import Any

from apps.core.portal.columns import capitalize
from apps.verticals.workshop.portal.desk_forms import MARK_KINDS, MARK_VIEWS


def describe_marks(marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`marks` as a numbered list with words, `drawings` (view, label, dots) of the sides that have any."""
    listed = [
        {
            **mark,
            "number": number,
            "label": capitalize(str(MARK_KINDS.get(mark.get("kind", ""), ""))),
            "where": MARK_VIEWS.get(mark.get("view", ""), ""),
            "left": f"{float(mark.get('x', 0)) * 2:.1f}",
            "top": f"{float(mark.get('y', 0)):.1f}",
        }
        for number, mark in enumerate(marks, start=1)
    ]
    drawings = [
        (view, label, [mark for mark in listed if mark["view"] == view])
        for view, label in MARK_VIEWS.items()
        if any(mark["view"] == view for mark in listed)
    ]
    return {"marks": listed, "drawings": drawings}
