"""The catalogue of rights: every `area.action` that a role can hold, with what it lets a person do.

The editor of roles, invitations and the API read it. A right that the code asks for and that is missing here fails the
build, so nobody can be refused for a reason that no screen can change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput
from apps.platform.organizations.right_areas import AREAS

ALL = "*"


@dataclass(frozen=True, slots=True)
class Right:
    """One right; `label` is a few words, `text` says what it opens."""

    code: str
    label: Any
    text: Any = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Rights about one thing. `wildcard` (`area.*`) holds also what will be added to the area later."""

    code: str
    label: Any
    rights: tuple[Right, ...]

    @property
    def wildcard(self) -> str:
        return f"{self.code}.*"


CATALOGUE: tuple[Area, ...] = tuple(
    Area(code, label, tuple(Right(f"{code}.{action}", name, text) for action, name, text in rights))
    for code, label, rights in AREAS
)
# Asked of visitors behind a link and of devices only: no person is given them by a role.
OF_VISITORS = frozenset({"feedback.give", "estimate.decide", "payment.start"})


def list_rights() -> Iterator[Right]:
    """All rights in the order of the catalogue."""
    for area in CATALOGUE:
        yield from area.rights


def known_codes() -> frozenset[str]:
    """Every code that a role may hold: single rights, whole areas, everything."""
    return frozenset({ALL, *(area.wildcard for area in CATALOGUE), *(right.code for right in list_rights())})


def expand(permissions: Iterable[str]) -> frozenset[str]:
    """The single rights behind a set with `area.*` and `*`."""
    held = set(permissions)
    return frozenset(
        right.code
        for area in CATALOGUE
        for right in area.rights
        if ALL in held or area.wildcard in held or right.code in held
    )


def clean_rights(permissions: Iterable[str]) -> list[str]:
    """The codes once each, in the order of the catalogue, those of a whole held area left out.

    Raises BadInput for a code that the catalogue does not have.
    """
    held = set(permissions)
    unknown = held - known_codes()
    if unknown:
        raise BadInput(_("This right is not known: %(code)s.") % {"code": min(unknown)}, field="permissions")
    if ALL in held:
        return [ALL]
    found: list[str] = []
    for area in CATALOGUE:
        if area.wildcard in held:
            found.append(area.wildcard)
        else:
            found.extend(right.code for right in area.rights if right.code in held)
    return found
