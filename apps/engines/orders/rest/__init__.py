"""/orders: one order for both sides."""

from apps.core.api.routing import route
from apps.engines.orders.rest.orders import OrderViewSet
from apps.engines.orders.rest.shapes import OrderShape

__all__ = ["ROUTES", "OrderShape"]
ROUTES = [route("orders", OrderViewSet, "order")]
