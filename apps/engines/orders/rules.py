"""Choosing warehouses and promising days: pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

DAYS_FROM_STOCK = 1
DAYS_TO_RESTOCK = 3


def choose_warehouses(
    wanted: Mapping[UUID, Decimal], free: Mapping[tuple[UUID, UUID], Decimal], warehouses: Sequence[UUID]
) -> dict[UUID, UUID]:
    """The warehouse for each variant: one that can serve all, else for each variant the one that has most of it.

    Of several that can serve all, the one that has most altogether; `warehouses` decides between equals. Empty
    without warehouses.
    """
    if not warehouses:
        return {}

    def held(variant: UUID, warehouse: UUID) -> Decimal:
        return free.get((variant, warehouse), Decimal(0))

    whole = [
        warehouse
        for warehouse in warehouses
        if all(held(variant, warehouse) >= quantity for variant, quantity in wanted.items())
    ]
    if whole:
        fullest = max(whole, key=lambda warehouse: sum(held(variant, warehouse) for variant in wanted))
        return dict.fromkeys(wanted, fullest)
    return {variant: max(warehouses, key=lambda warehouse: held(variant, warehouse)) for variant in wanted}


def lead_days(attributes: Mapping[str, object], *, is_in_stock: bool) -> int:
    """Days until the goods arrive: from stock, or after the seller's restock (`lead_time_days` of the product)."""
    from_stock = _days(attributes.get("delivery_days"), DAYS_FROM_STOCK)
    return from_stock if is_in_stock else from_stock + _days(attributes.get("lead_time_days"), DAYS_TO_RESTOCK)


def _days(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise
