"""What the market can be narrowed to: the same for everybody of a company, and allowed to be a minute old."""

from dataclasses import dataclass
from typing import Any

from apps.core.actor import Actor
from apps.core.remembering import remember
from apps.engines.catalog.models import Category
from apps.engines.catalog.selectors import list_offered
from apps.engines.vehicles.models import VehicleModel

Pairs = list[tuple[Any, str]]
_SECONDS = 60


@dataclass(frozen=True)
class Choices:
    """Each a list of (value, label); the models by make."""

    categories: Pairs
    brands: Pairs
    sellers: Pairs
    makes: list[tuple[str, Pairs]]


def list_choices(actor: Actor, *, is_fresh: bool = False) -> Choices:
    """Of today when `is_fresh`: what somebody asks for must be known."""
    if is_fresh:
        return read_choices(actor)
    return remember(f"market:choices:{actor.organization_id}", lambda: read_choices(actor), seconds=_SECONDS)


def read_choices(actor: Actor) -> Choices:
    """The main categories, the brands and companies that offer something, and all models of vehicles."""
    categories = Category.objects.filter(parent=None, is_active=True).order_by("position", "name")
    offered = list_offered(actor).order_by().distinct()
    pairs = list(offered.values_list("brand", "brand__name", "organization", "organization__name"))
    models = VehicleModel.objects.exclude(name="—").order_by("make__name", "name")
    makes: dict[str, Pairs] = {}
    for key, name, make in models.values_list("pk", "name", "make__name"):
        makes.setdefault(make, []).append((key, name))
    return Choices(
        categories=list(categories.values_list("slug", "name")),
        brands=_by_name({brand: name for brand, name, *_seller in pairs if brand}),
        sellers=_by_name({seller: name for *_brand, seller, name in pairs}),
        makes=list(makes.items()),
    )


def _by_name(labels: dict[Any, str]) -> Pairs:
    return sorted(labels.items(), key=lambda pair: (pair[1], pair[0]))
