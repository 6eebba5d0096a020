"""Parts that apps add to pages of apps below them: a customer's page shows visits without knowing the workshop."""

from apps.core.portal.actions import Fragment

_PARTS: dict[str, list[Fragment]] = {}


def add_part(place: str, fragment: Fragment) -> None:
    """Shows `fragment` on the detail screen whose `place` it is, after the screen's own parts; the same name replaces."""
    parts = _PARTS.setdefault(place, [])
    parts[:] = [*(one for one in parts if one.name != fragment.name), fragment]


def parts_of(place: str) -> list[Fragment]:
    """What other apps show at this place, in the order of their layers."""
    return list(_PARTS.get(place, []))
