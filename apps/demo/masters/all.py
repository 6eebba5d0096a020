"""The masters together."""

from dataclasses import dataclass

from apps.demo.masters.catalogue import (
    Catalogue,
    Shelf,
    Tier,
    make_catalogue,
    make_distributor_shelf,
    make_garage_shelf,
    make_tiers,
)
from apps.demo.masters.companies import Company, make_companies
from apps.demo.masters.customers import Car, make_customers
from apps.demo.masters.menu import Menu, make_menu
from apps.demo.world import World

DISTRIBUTOR = "phu-tung-a-chau"


@dataclass
class Masters:
    """What the stories of the year play with; garages and what is theirs by slug."""

    garages: dict[str, Company]
    distributor: Company
    catalogue: Catalogue
    shelf: Shelf
    shelves: dict[str, Shelf]
    menus: dict[str, Menu]
    tiers: dict[str, Tier]
    cars: dict[str, list[Car]]

    @property
    def companies(self) -> list[Company]:
        return [*self.garages.values(), self.distributor]


def make_masters(world: World) -> Masters:
    """Everything that stands before the first visit, waiting to be written (the category tree is written)."""
    garages = make_companies(world)
    distributor = garages.pop(DISTRIBUTOR)
    shared = make_catalogue(world)
    shelf = make_distributor_shelf(world, distributor, shared)
    shelves = {slug: make_garage_shelf(world, garage, shared, shelf) for slug, garage in garages.items()}
    return Masters(
        garages=garages,
        distributor=distributor,
        catalogue=shared,
        shelf=shelf,
        shelves=shelves,
        menus={slug: make_menu(world, garage, shelves[slug], shared.tax_class) for slug, garage in garages.items()},
        tiers=make_tiers(world, distributor, garages, shelf),
        cars=make_customers(world, garages, shared),
    )
