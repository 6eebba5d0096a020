"""Reading stock, and proving that it adds up."""

from apps.engines.inventory.selectors.levels import (
    availability,
    available_by_warehouse,
    list_levels,
    list_movements,
    list_shared_levels,
    list_warehouses,
    receiving_warehouse,
    selling_warehouses,
    total_available,
)
from apps.engines.inventory.selectors.verify_stock import Fault, verify_stock

__all__ = [
    "Fault",
    "availability",
    "available_by_warehouse",
    "list_levels",
    "list_movements",
    "list_shared_levels",
    "list_warehouses",
    "receiving_warehouse",
    "selling_warehouses",
    "total_available",
    "verify_stock",
]
