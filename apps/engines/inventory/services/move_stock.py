"""Writing the ledger. The database itself sets balance, value, on hand and average cost from each movement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Unpack
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import translate_violations
from apps.core.errors import BadInput
from apps.engines.inventory.errors import NotEnoughStock
from apps.engines.inventory.models import StockLevel, StockMovement
from apps.engines.inventory.services.inputs import Move, MoveOptions, Source
from apps.engines.inventory.services.levels import Place, lock_or_create_levels, publish_changes
from apps.platform.audit import services as audit


@transaction.atomic
def move_stock(
    actor: Actor,
    *,
    variant_id: UUID,
    warehouse_id: UUID,
    quantity: Decimal,
    kind: str,
    unit_cost: Decimal | None = None,
    source: Source,
    **options: Unpack[MoveOptions],
) -> StockMovement:
    """One movement. `quantity` is signed, in base units; `unit_cost` is without tax and counts for goods coming in.

    Options: `reason`, `dedupe_key`. A known `dedupe_key` answers with the first movement and moves nothing. Takes only what is neither used nor
    promised: raises NotEnoughStock.
    """
    move = Move(variant_id, warehouse_id, quantity, unit_cost, options.get("dedupe_key"))
    return move_many(actor, [move], kind=kind, source=source, reason=options.get("reason", ""))[0]


@transaction.atomic
def move_many(
    actor: Actor, moves: Sequence[Move], *, kind: str, source: Source, reason: str = ""
) -> list[StockMovement]:
    """Several movements of one document, all or none, in the order given. Locks their levels in id order first."""
    levels = lock_or_create_levels((move.variant_id, move.warehouse_id) for move in moves)
    known = _movements_by_key(moves)
    fresh = [move for move in moves if move.dedupe_key not in known]
    check_available(fresh, levels)
    made = [
        known.get(move.dedupe_key or "")
        or post(actor, levels[move.variant_id, move.warehouse_id], move, kind=kind, source=source, reason=reason)
        for move in moves
    ]
    publish_changes(
        actor,
        [levels[move.variant_id, move.warehouse_id] for move in fresh],
        arrived=[levels[move.variant_id, move.warehouse_id] for move in fresh if move.quantity > 0],
    )
    return made


@transaction.atomic
def receive_stock(
    actor: Actor,
    *,
    variant_id: UUID,
    warehouse_id: UUID,
    quantity: Decimal,
    unit_cost: Decimal,
    source: Source,
    dedupe_key: str | None = None,
) -> StockMovement:
    """Goods bought come in at `unit_cost` (without tax) and shift the average cost. Needs `inventory.receive`."""
    actor.require("inventory.receive")
    if quantity <= 0 or unit_cost < 0:
        raise BadInput(field="quantity" if quantity <= 0 else "unit_cost")
    movement = move_stock(
        actor,
        variant_id=variant_id,
        warehouse_id=warehouse_id,
        quantity=quantity,
        kind=StockMovement.Kind.PURCHASE,
        unit_cost=unit_cost,
        source=source,
        dedupe_key=dedupe_key,
    )
    audit.record(actor, "inventory.received", movement.level, data={"quantity": str(quantity), "source": source.label})
    return movement


@transaction.atomic
def return_stock(
    actor: Actor,
    *,
    variant_id: UUID,
    warehouse_id: UUID,
    quantity: Decimal,
    source: Source,
    unit_cost: Decimal | None = None,
    reason: str = "",
    dedupe_key: str | None = None,
) -> StockMovement:
    """Goods taken for `source` come back at the cost at which they left (or at `unit_cost`). `quantity` is positive.

    Without a cost and without an earlier issue for the same source they come back at the present average.
    """
    if quantity <= 0:
        raise BadInput(field="quantity")
    if unit_cost is None:
        unit_cost = _cost_as_issued(variant_id, warehouse_id, source)
    return move_stock(
        actor,
        variant_id=variant_id,
        warehouse_id=warehouse_id,
        quantity=quantity,
        kind=StockMovement.Kind.RETURN_IN,
        unit_cost=unit_cost,
        source=source,
        reason=reason,
        dedupe_key=dedupe_key,
    )


def check_available(moves: Sequence[Move], levels: dict[Place, StockLevel]) -> None:
    """Raises NotEnoughStock naming each place from which more would go than is free. Levels must be locked."""
    taken: dict[Place, Decimal] = {}
    for move in moves:
        place = (move.variant_id, move.warehouse_id)
        taken[place] = taken.get(place, Decimal(0)) - move.quantity
    short = [
        {"variant_id": str(place[0]), "requested": str(quantity), "available": str(levels[place].available)}
        for place, quantity in taken.items()
        if quantity > 0 and quantity > levels[place].available
    ]
    if short:
        raise NotEnoughStock(short)


def post(actor: Actor, level: StockLevel, move: Move, *, kind: str, source: Source, reason: str = "") -> StockMovement:
    """Writes one line of the ledger on a locked level and brings `level` up to date with what the database made of it."""
    movement = StockMovement(
        organization_id=level.organization_id,
        warehouse_id=level.warehouse_id,
        variant_id=level.variant_id,
        level=level,
        kind=kind,
        quantity=move.quantity,
        unit_cost=level.average_cost if move.unit_cost is None else move.unit_cost,
        value=Decimal(0),
        balance_after=Decimal(0),
        source_type=source.type,
        source_id=source.id,
        source_label=source.label,
        reason=reason,
        dedupe_key=move.dedupe_key,
        effective_at=now(),
        made_by_id=actor.user_id,
    )
    with translate_violations(
        {
            "stock_level_on_hand_positive": NotEnoughStock,
            "stock_level_reserved_within_on_hand": NotEnoughStock,
            "stock_movement_balance_positive": NotEnoughStock,
        }
    ):
        movement.save(force_insert=True)
    movement.refresh_from_db(fields=["unit_cost", "value", "balance_after"])
    level.refresh_from_db(fields=["on_hand", "reserved", "average_cost"])
    return movement


def _movements_by_key(moves: Sequence[Move]) -> dict[str | None, StockMovement]:
    keys = [move.dedupe_key for move in moves if move.dedupe_key]
    if not keys:
        return {}
    return {row.dedupe_key: row for row in StockMovement.objects.select_related("level").filter(dedupe_key__in=keys)}


def _cost_as_issued(variant_id: UUID, warehouse_id: UUID, source: Source) -> Decimal | None:
    return (
        StockMovement.objects.filter(
            variant_id=variant_id,
            warehouse_id=warehouse_id,
            source_type=source.type,
            source_id=source.id,
            quantity__lt=0,
        )
        .order_by("-id")
        .values_list("unit_cost", flat=True)
        .first()
    )
