"""The masters together."""

from dataclasses import dataclass

from apps.demo.masters import catalogue, customers, menu
from apps.demo.masters.companies import Company, make_companies
from apps.demo.world import World

DISTRIBUTOR = "phu-tung-a-chau"


@dataclass
class Masters:
    """What the stories of the year play with; garages and what is theirs by slug."""

    garages: dict[str, Company]
    distributor: Company
    catalogue: catalogue.Catalogue
    shelf: catalogue.Shelf
    shelves: dict[str, catalogue.Shelf]
    menus: dict[str, menu.Menu]
    tiers: dict[str, catalogue.Tier]
    cars: dict[str, list[customers.Car]]

    @property
    def companies(self) -> list[Company]:
        return [*self.garages.values(), self.distributor]


def make_masters(world: World) -> Masters:
    """Everything that stands before the first visit, waiting to be written (the category tree is written)."""
    garages = make_companies(world)
    distributor = garages.pop(DISTRIBUTOR)
    shared = catalogue.make_catalogue(world)
    shelf = catalogue.make_distributor_shelf(world, distributor, shared)
    shelves = {slug: catalogue.make_garage_shelf(world, garage, shared, shelf) for slug, garage in garages.items()}
    return Masters(
        garages=garages,
        distributor=distributor,
        catalogue=shared,
        shelf=shelf,
        shelves=shelves,
        menus={
            slug: menu.make_menu(world, garage, shelves[slug], shared.tax_class) for slug, garage in garages.items()
        },
        tiers=catalogue.make_tiers(world, distributor, garages, shelf),
        cars=customers.make_customers(world, garages, shared),
    )
