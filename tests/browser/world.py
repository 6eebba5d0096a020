"""The companies, people and shelves of the story."""

from dataclasses import dataclass

from apps.core.actor import Actor
from apps.core.text import search_key
from apps.engines.catalog.models import Variant
from apps.platform.accounts.models import User
from tests.factories.actors import actor_for
from tests.verticals.workshop.visits import World, make_world

GARAGE, DISTRIBUTOR = "Gara Minh Phát", "Phụ tùng Sài Gòn"
PADS, OIL_FILTER = "Má phanh trước Bosch", "Lọc dầu Bosch"


@dataclass(frozen=True)
class StoryWorld:
    """A garage with pads in stock and no oil filter, and a distributor who has some."""

    base: World
    warehouse_worker: Actor

    @property
    def slug(self) -> str:
        return self.base.garage.organization.slug


def _rename(variant: Variant, name: str) -> None:
    product = variant.product
    product.name = name
    product.search_text = search_key(f"{name} {product.part_number} {product.part_key}")
    product.save()


def _introduce(actor: Actor, last_name: str, first_name: str) -> None:
    User.objects.filter(pk=actor.user_id).update(last_name=last_name, first_name=first_name)


def make_story_world() -> StoryWorld:
    """The same world that the services' own story is told in, with names for people to read."""
    world = make_world()
    garage, distributor = world.garage.organization, world.distributor
    garage.name, distributor.name = GARAGE, DISTRIBUTOR
    for company in (garage, distributor):
        company.save()
    _rename(world.pads, PADS)
    _rename(world.oil_filter, OIL_FILTER)
    _rename(world.offered_filter, OIL_FILTER)
    _introduce(world.advisor, "Phạm Thu", "Hà")
    _introduce(world.technician, "Lê Văn", "Tùng")
    _introduce(world.manager, "Trần Quốc", "Bảo")
    _introduce(world.cashier, "Đỗ Thị", "Lan")
    _introduce(world.seller, "Vũ Minh", "Đức")
    return StoryWorld(base=world, warehouse_worker=actor_for("warehouse", distributor))
