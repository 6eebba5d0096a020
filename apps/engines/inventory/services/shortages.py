"""Noticing when stock falls to the point at which to order again: once for a fall, not at every step around it."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from apps.engines.inventory.models import StockLevel, StockShortage

# A shortage is over when there is more than the point by a fifth of it, and by one unit at least.
_MARGIN = Decimal("0.2")
_LEAST_MARGIN = Decimal(1)


def note_shortages(levels: Iterable[StockLevel]) -> list[StockLevel]:
    """Brings the shortages of levels, locked by the caller, up to date; returns those that have become low just now."""
    watched = StockLevel.objects.filter(Q(reorder_point__gt=0) | Q(shortage__isnull=False))
    rows = list(
        watched.filter(pk__in={level.pk for level in levels}, condition=StockLevel.Condition.SELLABLE)
        .select_related("shortage")
        .order_by("pk")
    )
    known = {row.pk for row in rows if hasattr(row, "shortage")}
    over = [row.pk for row in rows if row.pk in known and _is_over(row)]
    if over:
        StockShortage.objects.filter(level_id__in=over).delete()
    fallen = [row for row in rows if row.pk not in known and _is_low(row)]
    StockShortage.objects.bulk_create([StockShortage(level=row) for row in fallen])
    return fallen


def _is_low(level: StockLevel) -> bool:
    return bool(level.reorder_point) and level.available <= level.reorder_point


def _is_over(level: StockLevel) -> bool:
    margin = max(level.reorder_point * _MARGIN, _LEAST_MARGIN)
    return not level.reorder_point or level.available > level.reorder_point + margin
