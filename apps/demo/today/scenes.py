"""Which cards stand where this day, and the cars that stand on them."""

from dataclasses import dataclass

from apps.demo.history.shop import Shop
from apps.demo.history.work import Item, Proposal
from apps.demo.history.year import Year
from apps.demo.masters.customers import Car

STAGES = (
    "created",
    "inspected",
    "estimated",
    "sent",
    "approved",
    "assigned",
    "started",
    "ordered",
    "checking",
    "completed",
    "billed",
)


@dataclass(frozen=True)
class Scene:
    """One card. Shares are of the span of the last hours."""

    site: str
    stage: str
    operations: tuple[str, ...]
    begin: float
    technician: str = ""
    end: float = 0.0
    is_booked: bool = False
    is_paused: bool = False
    needs_story_part: bool = False

    def reaches(self, stage: str) -> bool:
        return STAGES.index(self.stage) >= STAGES.index(stage)


SCENES = (
    Scene("TB", "billed", ("GX-04", "LP-01"), 0.0, "dat.ktv", end=0.28, is_booked=True),
    Scene("TD", "completed", ("LM-01",), 0.03, "son.ktv", end=0.36, is_booked=True),
    Scene("CG", "checking", ("BD-06",), 0.05, "tung.ktv", end=0.5),
    Scene("TB", "ordered", ("PH-01", "PH-04"), 0.1, "tuan.ktv", is_booked=True, needs_story_part=True),
    Scene("TB", "checking", ("LP-02",), 0.14, "dat.ktv", end=0.62),
    Scene("TB", "started", ("GX-01",), 0.2, "tuan.ktv", is_booked=True),
    Scene("CG", "started", ("DI-01",), 0.25, "kien.ktv", is_booked=True),
    Scene("TD", "started", ("DI-02", "DI-03"), 0.3, "son.ktv", end=0.6, is_paused=True),
    Scene("TB", "assigned", ("BD-06",), 0.35, "dat.ktv", is_booked=True),
    Scene("TB", "approved", ("DH-01",), 0.45),
    Scene("CG", "sent", ("PH-01", "LP-02"), 0.5, is_booked=True),
    Scene("TB", "sent", ("DI-01", "PH-04"), 0.55, is_booked=True),
    Scene("TB", "estimated", ("LM-01",), 0.65),
    Scene("TD", "inspected", ("PH-01",), 0.75),
    Scene("TB", "created", ("GX-02",), 0.9),
    Scene("CG", "created", ("TD-02",), 0.93),
)


@dataclass
class Cast:
    """A scene with the car that plays in it."""

    scene: Scene
    shop: Shop
    car: Car
    proposal: Proposal


def choose_cars(year: Year) -> list[Cast]:
    """A car for every scene whose parts are in the store, or are not where the scene is about that."""
    shops = {shop.site.branch.code: shop for shop in year.shops}
    taken: set[int] = set()
    casts = []
    for scene in SCENES:
        cast = _cast(year, scene, shops[scene.site], taken)
        taken.add(id(cast.car))
        casts.append(cast)
    return casts


def _cast(year: Year, scene: Scene, shop: Shop, taken: set[int]) -> Cast:
    for car in sorted(shop.cars, key=lambda one: one.read_at):
        if id(car) in taken or (scene.needs_story_part and car.model != "Vios"):
            continue
        proposal = shop.advisor.complaint_about(car, scene.operations)
        if _suits(year, shop, scene, proposal):
            return Cast(scene, shop, car, proposal)
    raise LookupError(f"no car for {scene}")


def _suits(year: Year, shop: Shop, scene: Scene, proposal: Proposal) -> bool:
    if scene.needs_story_part:
        return any(item.article and item.article.is_story for item in proposal.items)
    if not scene.reaches("approved"):
        return True
    return all(_is_there(year, shop, item) for item in proposal.items)


def _is_there(year: Year, shop: Shop, item: Item) -> bool:
    if item.article is None:
        return True
    level = year.stock.of(item.article.variant, shop.site)
    return level.free >= item.quantity * 2
