"""Every change of stock.

The primitives (`move_stock`, `move_many`, `reserve_stock`, `consume_reservation`, `release_reservations`,
`return_stock`) ask for no right: they are steps of a document whose own service has asked. `receive_stock`,
`adjust_stock` and the warehouse services are use cases of their own and ask.
"""

from apps.engines.inventory.services.adjust_stock import adjust_stock, change_level, count_level
from apps.engines.inventory.services.inputs import Consumption, Move, ReserveLine, ReserveResult, Source
from apps.engines.inventory.services.levels import lock_available
from apps.engines.inventory.services.move_stock import move_many, move_stock, receive_stock, return_stock
from apps.engines.inventory.services.reservations import (
    consume_many,
    consume_reservation,
    release_expired_reservations,
    release_many,
    release_reservations,
)
from apps.engines.inventory.services.reserve_stock import reserve_stock
from apps.engines.inventory.services.warehouses import create_warehouse, update_warehouse

__all__ = [
    "Consumption",
    "Move",
    "ReserveLine",
    "ReserveResult",
    "Source",
    "adjust_stock",
    "change_level",
    "consume_many",
    "consume_reservation",
    "count_level",
    "create_warehouse",
    "lock_available",
    "move_many",
    "move_stock",
    "receive_stock",
    "release_expired_reservations",
    "release_many",
    "release_reservations",
    "reserve_stock",
    "return_stock",
    "update_warehouse",
]
