"""Corrections by people: an adjustment with its reason, a count, and the limits of a level."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import get_visible, lock_visible
from apps.core.errors import BadInput
from apps.core.ids import uuid7
from apps.engines.catalog.models import Variant
from apps.engines.inventory.errors import ReasonMissing
from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.engines.inventory.services.inputs import Source
from apps.engines.inventory.services.levels import tell_shortages
from apps.engines.inventory.services.move_stock import move_stock
from apps.platform.audit import services as audit


@transaction.atomic
def adjust_stock(
    actor: Actor,
    *,
    variant_id: UUID,
    warehouse_id: UUID,
    quantity: Decimal,
    reason: str,
    unit_cost: Decimal | None = None,
    kind: str = StockMovement.Kind.ADJUSTMENT,
) -> StockMovement:
    """Corrects on hand by the signed `quantity`. Needs `inventory.adjust` and a reason; raises NotEnoughStock."""
    actor.require("inventory.adjust")
    if not reason.strip():
        raise ReasonMissing
    if quantity == 0:
        raise BadInput(_("The quantity must not be zero."), field="quantity")
    variant = get_visible(Variant.objects.all(), actor, variant_id)
    warehouse = get_visible(Warehouse.objects.all(), actor, warehouse_id)
    movement = move_stock(
        actor,
        variant_id=variant.pk,
        warehouse_id=warehouse.pk,
        quantity=quantity,
        kind=kind,
        unit_cost=unit_cost if unit_cost is not None else _standard_cost(variant, warehouse),
        source=Source("inventory.adjustment", uuid7(), ""),
        reason=reason.strip(),
    )
    audit.record(
        actor,
        "inventory.adjusted",
        movement.level,
        data={"quantity": str(quantity), "reason": movement.reason, "balance": str(movement.balance_after)},
    )
    return movement


@transaction.atomic
def count_level(actor: Actor, level: StockLevel, *, on_hand: Decimal, reason: str) -> StockMovement | None:
    """Sets on hand to what was counted through an adjustment; None when it already is so. Needs `inventory.adjust`."""
    actor.require("inventory.adjust")
    if on_hand < 0:
        raise BadInput(field="on_hand")
    level = lock_visible(actor, level)
    if on_hand == level.on_hand:
        return None
    return adjust_stock(
        actor,
        variant_id=level.variant_id,
        warehouse_id=level.warehouse_id,
        quantity=on_hand - level.on_hand,
        reason=reason,
    )


@transaction.atomic
def change_level(
    actor: Actor,
    level: StockLevel,
    *,
    on_hand: Decimal | None = None,
    reorder_point: Decimal | None = None,
    max_level: Decimal | None = None,
    reason: str = "",
    version: int | None = None,
) -> StockLevel:
    """Changes the limits of a level; another `on_hand` becomes an adjustment with its reason. Needs `inventory.adjust`.

    With `version` raises StaleWrite when the stock has moved since it was read. Raises BadInput, ReasonMissing,
    NotEnoughStock (fewer than are promised).
    """
    actor.require("inventory.adjust")
    level = lock_visible(actor, level)
    level.check_version(version)
    wanted: dict[str, Any] = {"reorder_point": reorder_point, "max_level": max_level}
    changes = {name: value for name, value in wanted.items() if value is not None and value != getattr(level, name)}
    if any(value < 0 for value in changes.values()):
        raise BadInput(field=next(name for name, value in changes.items() if value < 0))
    if changes:
        old = {name: str(getattr(level, name)) for name in changes}
        StockLevel.objects.filter(pk=level.pk).update(**changes)
        new = {name: str(value) for name, value in changes.items()}
        audit.record(actor, "inventory.level_changed", level, old=old, new=new)
        tell_shortages(actor, [level])
    if on_hand is not None:
        count_level(actor, level, on_hand=on_hand, reason=reason)
    level.refresh_from_db()
    return level


def _standard_cost(variant: Variant, warehouse: Warehouse) -> Decimal | None:
    """Found goods of which the warehouse has never had any are worth the variant's standard cost."""
    has_cost = StockLevel.objects.filter(variant=variant, warehouse=warehouse, average_cost__gt=0).exists()
    return None if has_cost else variant.cost
