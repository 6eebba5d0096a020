"""/orders/{id}/shipments and /orders/{id}/status: what needs to know both the order and its shipments."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.etags import version_from
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions, QuantityField
from apps.core.api.views import ApiView
from apps.core.errors import BadInput, IllegalMove
from apps.engines.orders import services as orders
from apps.engines.orders.models import Order
from apps.engines.orders.permissions import access_order
from apps.engines.orders.states import ORDER
from apps.engines.shipping import selectors
from apps.engines.shipping.models import Shipment, ShipmentLine
from apps.engines.shipping.services import ship_order


class ShipmentLineShape(ApiModelSerializer):
    sku = serializers.CharField(source="order_line.sku", read_only=True)
    name = serializers.CharField(source="order_line.name", read_only=True)

    class Meta:
        model = ShipmentLine
        fields = ["order_line_id", "sku", "name", "quantity", "received"]


class ShipmentShape(ApiModelSerializer):
    lines = ShipmentLineShape(many=True, read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)

    class Meta:
        model = Shipment
        fields = ["id", "number", "order_id", "order_number", "carrier", "tracking_code", "parcels", "state", "note"]
        fields += ["shipped_at", "delivered_at", "lines", "version"]


class ShippedQuantity(ApiSerializer):
    line_id = serializers.UUIDField()
    quantity = QuantityField(min_value=0)


class ShipmentInput(ApiSerializer):
    """Without `lines` everything that is left."""

    lines = ShippedQuantity(many=True, required=False, max_length=200)
    parcels = serializers.IntegerField(min_value=1, max_value=999, required=False)
    carrier = serializers.ChoiceField(choices=Shipment.Carrier.choices, required=False)
    tracking_code = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class StatusInput(ApiSerializer):
    """The state to reach; the step that leads there is taken. `cancelled` needs a `reason`."""

    state = serializers.ChoiceField(choices=Order.State.choices)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class OrderState(ApiModelSerializer):
    available_actions = AvailableActions(ORDER)

    class Meta:
        model = Order
        fields = ["id", "number", "state", "fulfilment_status", "payment_status", "available_actions", "version"]


class ShipmentsView(ApiView):
    """Shipments of an order."""

    rights = {"get": "order.view", "post": "order.ship"}
    serializer_class = ShipmentShape
    input_classes = {"post": ShipmentInput}
    output_classes = {"get": ShipmentShape(many=True)}
    idempotent, creates = {"post"}, {"post"}

    def get(self, request: Request, order_id: UUID) -> Response:
        """Shipments and tracking of an order."""
        order = access_order(self.actor, order_id)
        return Response(ShipmentShape(selectors.list_shipments(self.actor, order), many=True).data)

    def post(self, request: Request, order_id: UUID) -> Response:
        """Ship, whole or part."""
        order = access_order(self.actor, order_id)
        data = self.read_body()
        rows = data.pop("lines", None)
        lines = None if rows is None else {row["line_id"]: row["quantity"] for row in rows}
        version = version_from(request.headers.get("If-Match"))
        shipment = ship_order(self.actor, order, lines=lines, version=version, **data)
        return Response(ShipmentShape(shipment).data, status=201)


class OrderStatusView(ApiView):
    """The state of an order."""

    rights = {"patch": "order.view"}
    serializer_class = OrderState
    input_classes = {"patch": StatusInput}
    idempotent = {"patch"}

    def patch(self, request: Request, order_id: UUID) -> Response:
        """Change an order's state: takes the step that leads there, with that step's right."""
        order = access_order(self.actor, order_id)
        data = self.read_body()
        version = version_from(request.headers.get("If-Match"))
        reach(self.actor, order, state=data["state"], reason=data.get("reason", ""), version=version)
        fresh = access_order(self.actor, order_id)
        return Response(OrderState(fresh, context={"actor": self.actor}).data)


def reach(actor: Actor, order: Order, *, state: str, reason: str, version: int | None) -> None:
    """Takes the step from the order's present state to `state`. Raises IllegalMove, and what the step refuses with."""
    action = ORDER.reaching(state, order)
    if action is None:
        allowed = ORDER.allowed(order)
        labels = [ORDER.steps[name].label for name in allowed]
        raise IllegalMove(action=state, state=order.state, allowed=allowed, labels=labels)
    plain: dict[str, Any] = {"version": version}
    if action == "cancel":
        if not reason:
            raise BadInput(_("Please give a reason."), field="reason")
        orders.cancel_order(actor, order, reason=reason, **plain)
    elif action in ("ship", "hand_over"):
        ship_order(actor, order, **plain)
    elif action == "confirm":
        orders.confirm_order(actor, order, **plain)
    elif action == "receive":
        orders.receive_order(actor, order, **plain)
    else:
        orders.move_order(actor, order, action=action, **plain)


URLS = [
    path("orders/<uuid:order_id>/shipments", ShipmentsView.as_view(), name="order-shipments"),
    path("orders/<uuid:order_id>/status", OrderStatusView.as_view(), name="order-status"),
]
