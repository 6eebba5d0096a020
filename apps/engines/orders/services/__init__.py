"""Every change of an order, one use case a file."""

from apps.engines.orders.services.cancel_order import cancel_order
from apps.engines.orders.services.confirm_order import confirm_order
from apps.engines.orders.services.inputs import OrderLineInput
from apps.engines.orders.services.lock_order import lock_order
from apps.engines.orders.services.move_order import complete_order, mark_ready, move_order, start_picking, take_order
from apps.engines.orders.services.place_order import place_order
from apps.engines.orders.services.receive_order import receive_order
from apps.engines.orders.services.record_shipment import ShippedLine, check_shippable, record_shipment

__all__ = [
    "OrderLineInput",
    "ShippedLine",
    "cancel_order",
    "check_shippable",
    "complete_order",
    "confirm_order",
    "lock_order",
    "mark_ready",
    "move_order",
    "place_order",
    "receive_order",
    "record_shipment",
    "start_picking",
    "take_order",
]
