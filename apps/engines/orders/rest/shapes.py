"""How an order looks to each side: neither sees the other's costs, notes, customers or documents."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions, QuantityField
from apps.engines.customers.models import Customer
from apps.engines.inventory.models import Warehouse
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.states import BUYER, ORDER, SELLER, sides_of
from apps.platform.organizations.models import Branch, Organization


class OrderCompany(ApiModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "phone"]


class OrderBranch(ApiModelSerializer):
    class Meta:
        model = Branch
        fields = ["id", "name", "address", "phone"]


class OrderCustomer(ApiModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "name", "phone"]


class OrderWarehouse(ApiModelSerializer):
    class Meta:
        model = Warehouse
        fields = ["id", "code", "name"]


class OneSided:
    """Shows null for what belongs to the other side. `for_seller`, `for_buyer` name the keys; `costs` need a right."""

    for_seller: tuple[str, ...] = ()
    for_buyer: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()

    def order_of(self, instance: Any) -> Order:
        return instance

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        actor = self.context["actor"]
        sides = sides_of(self.order_of(instance), actor)
        hidden = [] if SELLER in sides else [*self.for_seller, *self.costs]
        hidden += [] if BUYER in sides else self.for_buyer
        hidden += [] if actor.can("inventory.see_cost") else self.costs
        shown.update((name, None) for name in hidden if name in shown)
        return shown


class OrderLineShape(OneSided, ApiModelSerializer):
    """`left` is still to be shipped, `onTheWay` shipped but not received. `cost` is the seller's alone."""

    for_seller = ("warehouse", "variantId")
    for_buyer = ("buyerVariantId", "sourceType", "sourceId")
    costs = ("cost",)
    warehouse = OrderWarehouse(read_only=True)
    left = serializers.SerializerMethodField(method_name="still_to_ship")
    on_the_way = serializers.SerializerMethodField(method_name="shipped_not_received")

    class Meta:
        model = OrderLine
        fields = ["id", "position", "variant_id", "buyer_variant_id", "sku", "name", "unit", "quantity", "unit_price"]
        fields += ["discount", "net", "tax_rate", "tax", "gross", "price_breakdown", "cost", "warehouse"]
        fields += ["shipped", "received", "left", "on_the_way", "source_type", "source_id"]

    def order_of(self, instance: OrderLine) -> Order:
        return instance.order

    def still_to_ship(self, row: OrderLine) -> str:
        return str(row.quantity - row.shipped)

    def shipped_not_received(self, row: OrderLine) -> str:
        return str(row.shipped - row.received)


class OrderBrief(OneSided, ApiModelSerializer):
    """An order in lists. `side` is where the caller's company stands: seller or buyer."""

    for_seller = ("customer", "sellerNote")
    for_buyer = ("sourceType", "sourceId", "sourceLabel")
    seller = OrderCompany(read_only=True)
    seller_branch = OrderBranch(read_only=True)
    buyer_organization = OrderCompany(read_only=True)
    buyer_branch = OrderBranch(read_only=True)
    customer = OrderCustomer(read_only=True)
    side = serializers.SerializerMethodField(method_name="own_side")
    available_actions = AvailableActions(ORDER)

    class Meta:
        model = Order
        fields = ["id", "number", "channel", "side", "state", "payment_status", "fulfilment_status", "seller"]
        fields += ["seller_branch", "buyer_organization", "buyer_branch", "customer", "currency", "total"]
        fields += ["source_type", "source_id", "source_label", "placed_at", "expected_on", "created_at"]
        fields += ["available_actions", "version"]

    def own_side(self, row: Order) -> str:
        return SELLER if SELLER in sides_of(row, self.context["actor"]) else BUYER


class OrderShape(OrderBrief):
    """An order with its lines."""

    lines = OrderLineShape(many=True, read_only=True)

    class Meta(OrderBrief.Meta):
        fields = [*OrderBrief.Meta.fields, "subtotal", "discount_total", "tax_total", "shipping_fee", "paid_amount"]
        fields += ["delivery_address", "buyer_note", "seller_note", "cancel_reason", "confirmed_at", "lines"]


class LineQuantity(ApiSerializer):
    line_id = serializers.UUIDField()
    quantity = QuantityField(min_value=0)


class OrderLineWish(ApiSerializer):
    """`variantId` is the seller's article, `buyerVariantId` the same one in the buyer's own catalogue."""

    variant_id = serializers.UUIDField()
    quantity = QuantityField()
    buyer_variant_id = serializers.UUIDField(required=False, allow_null=True)


class OrderInput(ApiSerializer):
    channel = serializers.ChoiceField(choices=Order.Channel.choices, default=Order.Channel.MARKETPLACE)
    seller_id = serializers.UUIDField()
    lines = OrderLineWish(many=True, max_length=200)
    buyer_branch_id = serializers.UUIDField(required=False, allow_null=True)
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    delivery_address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class QuantitiesInput(ApiSerializer):
    """Lines that are not named stay whole; without `lines` all of them do."""

    lines = LineQuantity(many=True, required=False, max_length=200)


class ReceiveInput(ApiSerializer):
    """What arrived; without `lines` everything that is on the way."""

    lines = LineQuantity(many=True, required=False, max_length=200)


class ReasonInput(ApiSerializer):
    reason = serializers.CharField(max_length=200)


def quantities_of(data: dict[str, Any], name: str = "lines") -> dict[Any, Any] | None:
    """{line_id: quantity} of a body, None when it names no lines."""
    rows = data.get(name)
    return None if rows is None else {row["line_id"]: row["quantity"] for row in rows}
