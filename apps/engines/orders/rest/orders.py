"""/orders and the steps of an order."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.api.query import refuse
from apps.core.api.viewsets import ResourceViewSet, step
from apps.engines.orders import selectors, services
from apps.engines.orders.models import Order
from apps.engines.orders.rest.shapes import (
    OrderBrief,
    OrderInput,
    OrderShape,
    QuantitiesInput,
    ReasonInput,
    ReceiveInput,
    quantities_of,
)
from apps.engines.orders.services import OrderLineInput
from apps.engines.orders.states import BUYER, SELLER


def search_orders(rows: QuerySet, text: str) -> QuerySet:
    """By number, the document behind it, or the other company's name."""
    return rows.filter(
        Q(number__icontains=text)
        | Q(source_label__icontains=text)
        | Q(seller__name__icontains=text)
        | Q(buyer_organization__name__icontains=text)
    )


class OrderViewSet(ResourceViewSet):
    """Orders that the company sells or has placed."""

    queryset_for = staticmethod(selectors.list_orders)
    serializer_class = OrderShape
    list_serializer_class = OrderBrief
    filters = {
        "state": ("eq", "in"),
        "channel": ("eq", "in"),
        "seller": ("eq",),
        "buyerOrganization": ("eq",),
        "buyerBranch": ("eq",),
        "customer": ("eq",),
        "number": ("eq", "contains"),
        "placedAt": ("gte", "lte"),
        "fulfilmentStatus": ("eq", "in"),
        "paymentStatus": ("eq", "in"),
    }
    sorts = ("placedAt", "number", "total", "expectedOn", "state")
    search = staticmethod(search_orders)
    rights = {
        "list": "order.view",
        "retrieve": "order.view",
        "create": "order.place",
        "confirm": "order.confirm",
        "take": "order.confirm",
        "start_picking": "order.ship",
        "mark_ready": "order.ship",
        "complete": "order.confirm",
        "cancel": "order.view",
        "receive": "order.receive",
    }
    parameters = {"list": ("side",)}
    idempotent = {"create", "confirm", "receive", "cancel"}
    input_classes = {"create": OrderInput}

    def get_queryset(self) -> QuerySet[Order]:
        sides = {SELLER: selectors.list_sales, BUYER: selectors.list_purchases}
        side = self.query.get("side") if self.is_list and hasattr(self, "query") else ""
        if side and side not in sides:
            raise refuse("side", _("Possible: %(names)s.") % {"names": ", ".join(sides)})
        return sides[side](self.actor) if side else super().get_queryset()

    def perform_create(self, data: dict[str, Any]) -> Order:
        lines = [OrderLineInput(**row) for row in data.pop("lines")]
        return services.place_order(self.actor, lines=lines, **data)

    @step("confirm", input=QuantitiesInput)
    def confirm(self, instance: Order, data: dict[str, Any]) -> Order:
        """The seller confirms, wholly or less."""
        return services.confirm_order(self.actor, instance, quantities=quantities_of(data))

    @step("take")
    def take(self, instance: Order, data: dict[str, Any]) -> Order:
        """Work on a sale over the counter starts."""
        return services.take_order(self.actor, instance)

    @step("start-picking")
    def start_picking(self, instance: Order, data: dict[str, Any]) -> Order:
        """The seller starts picking."""
        return services.start_picking(self.actor, instance)

    @step("mark-ready")
    def mark_ready(self, instance: Order, data: dict[str, Any]) -> Order:
        """Packed and ready to ship."""
        return services.mark_ready(self.actor, instance)

    @step("complete")
    def complete(self, instance: Order, data: dict[str, Any]) -> Order:
        """The seller closes a delivered order."""
        return services.complete_order(self.actor, instance)

    @step("cancel", input=ReasonInput)
    def cancel(self, instance: Order, data: dict[str, Any]) -> Order:
        """Either side cancels before anything has left."""
        return services.cancel_order(self.actor, instance, **data)

    @step("receive", input=ReceiveInput)
    def receive(self, instance: Order, data: dict[str, Any]) -> Order:
        """The buyer takes the goods into stock."""
        return services.receive_order(self.actor, instance, lines=quantities_of(data))
