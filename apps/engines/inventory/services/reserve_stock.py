"""Promising stock to the lines of a document."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import translate_violations
from apps.core.errors import BadInput
from apps.engines.inventory.errors import NotEnoughStock
from apps.engines.inventory.models import StockLevel, StockReservation
from apps.engines.inventory.services.inputs import ReserveLine, ReserveResult, Source
from apps.engines.inventory.services.levels import Place, lock_levels, publish_changes


@transaction.atomic
def reserve_stock(
    actor: Actor,
    lines: Sequence[ReserveLine],
    *,
    source: Source,
    expires_at: datetime | None = None,
    partial: bool = False,
) -> list[ReserveResult]:
    """Promises stock to each line, in the order given; lines of the same article share what is there.

    Whole or not at all: raises NotEnoughStock naming each short line with what is available to it. With `partial`
    each line gets what there is, and the result says what is missing.
    """
    if any(line.quantity <= 0 for line in lines):
        raise BadInput(field="quantity")
    levels = lock_levels((line.variant_id, line.warehouse_id) for line in lines)
    shares = _share_out(lines, levels)
    short = [_shortage(line, share) for line, share in zip(lines, shares, strict=True) if share < line.quantity]
    if short and not partial:
        raise NotEnoughStock(short)
    reservations = [
        _reservation(levels[line.variant_id, line.warehouse_id], line, share, source, expires_at) if share else None
        for line, share in zip(lines, shares, strict=True)
    ]
    made = [reservation for reservation in reservations if reservation]
    with translate_violations({"stock_level_reserved_within_on_hand": NotEnoughStock}):
        StockReservation.objects.bulk_create(made)
    publish_changes(actor, [reservation.level for reservation in made])
    return [
        ReserveResult(line.line_id, share, line.quantity - share, reservation.pk if reservation else None)
        for line, share, reservation in zip(lines, shares, reservations, strict=True)
    ]


def _share_out(lines: Sequence[ReserveLine], levels: dict[Place, StockLevel]) -> list[Decimal]:
    free = {place: level.available for place, level in levels.items()}
    shares = []
    for line in lines:
        place = (line.variant_id, line.warehouse_id)
        share = min(line.quantity, free.get(place, Decimal(0)))
        if share:
            free[place] -= share
        shares.append(share)
    return shares


def _shortage(line: ReserveLine, share: Decimal) -> dict[str, Any]:
    return {
        "line_id": str(line.line_id),
        "variant_id": str(line.variant_id),
        "requested": str(line.quantity),
        "available": str(share),
    }


def _reservation(
    level: StockLevel, line: ReserveLine, quantity: Decimal, source: Source, expires_at: datetime | None
) -> StockReservation:
    return StockReservation(
        organization_id=level.organization_id,
        level=level,
        quantity=quantity,
        source_type=source.type,
        source_id=source.id,
        line_id=line.line_id,
        expires_at=expires_at,
    )
