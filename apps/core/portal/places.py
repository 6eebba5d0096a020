"""Parts that apps add to pages of apps below them: a customer's page shows visits without knowing the workshop."""

from apps.core.portal.actions import Fragment

_PARTS: dict[str, dict[str, tuple[int, Fragment]]] = {}


def add_part(place: str, fragment: Fragment, *, order: int = 100) -> None:
    """Shows `fragment` on the detail screen whose `place` it is, after the screen's own parts; the same name replaces."""
    _PARTS.setdefault(place, {})[fragment.name] = (order, fragment)


def parts_of(place: str) -> list[Fragment]:
    """What other apps show at this place, in order."""
    parts = sorted(_PARTS.get(place, {}).values(), key=lambda part: part[0])
    return [fragment for _order, fragment in parts]
