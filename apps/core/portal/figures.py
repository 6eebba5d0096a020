"""Numbers that apps put on a portal's dashboard without the dashboard knowing them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: as shown, with its trend (`direction` up/down, `good` yes/no/empty) and the address of its rows."""

    label: Any
    value: Any
    url: str = ""
    icon: str = ""
    trend: Any = ""
    direction: str = ""
    good: str = ""
    note: Any = ""


@dataclass(frozen=True)
class _Source:
    build: Callable[[Actor], Figure | None]
    permission: str
    order: int


_SOURCES: dict[tuple[str, str], _Source] = {}


def register_figure(
    portal: str, name: str, build: Callable[[Actor], Figure | None], *, permission: str, order: int = 100
) -> None:
    """Puts a number on the dashboard of `portal` for those with the right; the same name replaces."""
    _SOURCES[(portal, name)] = _Source(build, permission, order)


def list_figures(portal: str, actor: Actor) -> list[Figure]:
    """The numbers that other apps show to the actor, in order."""
    sources = sorted(
        (source for (key, _name), source in _SOURCES.items() if key == portal), key=lambda source: source.order
    )
    built = (source.build(actor) for source in sources if actor.can(source.permission))
    return [figure for figure in built if figure is not None]
