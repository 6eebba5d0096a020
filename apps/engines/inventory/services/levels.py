"""Finding and locking stock levels, always in id order, and telling of their change."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from uuid import UUID

from django.db.models import Q

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.engines.catalog.models import Variant
from apps.engines.inventory.errors import WrongWarehouse
from apps.engines.inventory.events import StockArrived, StockChanged, StockLow
from apps.engines.inventory.models import StockLevel, Warehouse
from apps.engines.inventory.services.shortages import note_shortages
from apps.platform.events.services import publish

Place = tuple[UUID, UUID]  # variant, warehouse


def lock_levels(places: Iterable[Place]) -> dict[Place, StockLevel]:
    """The sellable levels of these places, locked in id order; places without a level are absent."""
    wanted = set(places)
    if not wanted:
        return {}
    levels = (
        StockLevel.objects.filter(
            variant_id__in={variant for variant, _ in wanted},
            warehouse_id__in={warehouse for _, warehouse in wanted},
            condition=StockLevel.Condition.SELLABLE,
        )
        .filter(_any_of(wanted))
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return {(level.variant_id, level.warehouse_id): level for level in levels}


def lock_or_create_levels(places: Iterable[Place]) -> dict[Place, StockLevel]:
    """As `lock_levels`, after making the missing ones. Raises NotFound, WrongWarehouse."""
    wanted = set(places)
    known = set(
        StockLevel.objects.filter(_any_of(wanted), condition=StockLevel.Condition.SELLABLE).values_list(
            "variant_id", "warehouse_id"
        )
    )
    missing = sorted(wanted - known)
    if missing:
        StockLevel.objects.bulk_create(_new_levels(missing), ignore_conflicts=True)
    return lock_levels(wanted)


def lock_available(variant_ids: Iterable[UUID], warehouse_ids: Iterable[UUID]) -> dict[Place, Decimal]:
    """What is free of each variant in each warehouse, locked until the caller's transaction ends: it stays free."""
    places = product(sorted(set(variant_ids)), sorted(set(warehouse_ids)))
    return {place: level.available for place, level in lock_levels(places).items()}


def publish_changes(actor: Actor, levels: Iterable[StockLevel], *, arrived: Iterable[StockLevel] = ()) -> None:
    """One StockChanged per warehouse, one StockArrived where goods became available, one StockLow where few are left."""
    levels = list(levels)
    _publish(actor, StockChanged, levels)
    _publish(actor, StockArrived, arrived)
    tell_shortages(actor, levels)


def tell_shortages(actor: Actor, levels: Iterable[StockLevel]) -> None:
    """One StockLow per warehouse for those of the locked levels that have become low just now."""
    _publish(actor, StockLow, note_shortages(levels))


def _publish(
    actor: Actor, event_class: type[StockChanged | StockArrived | StockLow], levels: Iterable[StockLevel]
) -> None:
    variants = defaultdict(set)
    for level in levels:
        variants[level.warehouse_id].add(str(level.variant_id))
    for warehouse in Warehouse.objects.filter(pk__in=variants).order_by("pk"):
        publish(
            actor,
            event_class(
                subject_id=warehouse.pk,
                organization_id=warehouse.organization_id,
                branch_id=warehouse.branch_id,
                variant_ids=sorted(variants[warehouse.pk]),
            ),
        )


def _any_of(places: Iterable[Place]) -> Q:
    condition = Q(pk__in=[])
    for variant_id, warehouse_id in places:
        condition |= Q(variant_id=variant_id, warehouse_id=warehouse_id)
    return condition


def _new_levels(places: Iterable[Place]) -> list[StockLevel]:
    places = list(places)
    variants = Variant.objects.in_bulk([variant for variant, _ in places])
    warehouses = Warehouse.objects.in_bulk([warehouse for _, warehouse in places])
    return [_new_level(variants.get(variant), warehouses.get(warehouse)) for variant, warehouse in places]


def _new_level(variant: Variant | None, warehouse: Warehouse | None) -> StockLevel:
    if variant is None or warehouse is None:
        raise NotFound
    if variant.organization_id != warehouse.organization_id:
        raise WrongWarehouse(details={"variant_id": str(variant.pk), "warehouse_id": str(warehouse.pk)})
    return StockLevel(organization_id=warehouse.organization_id, warehouse=warehouse, variant=variant)
