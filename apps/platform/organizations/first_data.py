"""What a new company starts with. Apps above register what they can fill in; each filler may run again without harm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.core.actor import Actor
from apps.platform.organizations.models import Branch, Organization


@dataclass(frozen=True, slots=True)
class FirstChoices:
    """What the person asked for: the number of bays, and whether examples of services and prices are wanted."""

    bays: int = 2
    with_samples: bool = True


Filler = Callable[[Actor, Branch, FirstChoices], None]


@dataclass(frozen=True, slots=True)
class FirstData:
    """`kind` is a kind of company, or empty for all of them."""

    kind: str
    fill: Filler
    name: str
    label: Any
    order: int


REGISTERED: dict[str, FirstData] = {}


def register_first_data(kind: str, fill: Filler, *, name: str, label: Any, order: int = 100) -> None:
    """`fill(actor, branch, choices)` runs when a company of this kind has set up its first branch; same name replaces."""
    REGISTERED[name] = FirstData(kind, fill, name, label, order)


def list_first_data(organization: Organization) -> list[FirstData]:
    """What a company of these kinds gets, in order."""
    fitting = [entry for entry in REGISTERED.values() if not entry.kind or entry.kind in organization.kinds]
    return sorted(fitting, key=lambda entry: (entry.order, entry.name))
