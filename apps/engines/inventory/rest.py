"""/inventory: stock per variant and warehouse, the ledger, adjustments, warehouses."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.pagination import CursorPagination
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, MoneyField, QuantityField
from apps.core.api.viewsets import ResourceViewSet, action
from apps.core.text import search_key
from apps.engines.catalog.models import Variant
from apps.engines.inventory import selectors, services
from apps.engines.inventory.models import StockLevel, StockMovement, Warehouse
from apps.platform.organizations.models import Branch


class StockBranch(ApiModelSerializer):
    class Meta:
        model = Branch
        fields = ["id", "code", "name"]


class StockPlace(ApiModelSerializer):
    class Meta:
        model = Warehouse
        fields = ["id", "code", "name"]


class StockedVariant(ApiModelSerializer):
    product_name = serializers.CharField(source="product.name", read_only=True)

    class Meta:
        model = Variant
        fields = ["id", "sku", "barcode", "unit", "product_id", "product_name"]


class CostHidden:
    """Leaves costs out for those who may not see them: the keys stay, their values are null."""

    costs: tuple[str, ...] = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not self.context["actor"].can("inventory.see_cost"):
            shown.update((name, None) for name in self.costs if name in shown)
        return shown


class StockLevelShape(CostHidden, ApiModelSerializer):
    """`available` is on hand less reserved. `averageCost` and `value` need `inventory.see_cost`."""

    costs = ("averageCost", "value")
    variant = StockedVariant(read_only=True)
    warehouse = StockPlace(read_only=True)
    available = QuantityField(read_only=True)
    value = serializers.SerializerMethodField(method_name="stock_value")

    class Meta:
        model = StockLevel
        fields = ["id", "variant", "warehouse", "condition", "on_hand", "reserved", "available", "incoming"]
        fields += ["reorder_point", "max_level", "average_cost", "value", "updated_at", "version"]

    def stock_value(self, row: StockLevel) -> str:
        return str(round(row.on_hand * row.average_cost, 2))


class SharedLevelShape(StockLevelShape):
    """`isOwn`: the level lies in a branch of the caller. The costs of other branches are null unless they are shared."""

    average_cost = MoneyField(source="seen_cost", decimal_places=4, read_only=True, allow_null=True)
    is_own = serializers.SerializerMethodField(method_name="tell_own")

    class Meta(StockLevelShape.Meta):
        fields = [*StockLevelShape.Meta.fields, "is_own"]

    def stock_value(self, row: Any) -> str | None:
        return None if row.seen_cost is None else str(round(row.on_hand * row.seen_cost, 2))

    def tell_own(self, row: StockLevel) -> bool:
        actor: Actor = self.context["actor"]
        return actor.reaches_branch(row.warehouse.branch_id)


class LevelChange(ApiSerializer):
    """Another `onHand` is what was counted: it becomes an adjustment and needs a `reason`."""

    on_hand = QuantityField(required=False, min_value=0)
    reorder_point = QuantityField(required=False, min_value=0)
    max_level = QuantityField(required=False, min_value=0)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class MovementShape(CostHidden, ApiModelSerializer):
    """One line of the ledger. `unitCost` and `value` need `inventory.see_cost`."""

    costs = ("unitCost", "value")
    variant = StockedVariant(read_only=True)
    warehouse = StockPlace(read_only=True)
    made_by = serializers.CharField(source="made_by.full_name", default=None, read_only=True)

    class Meta:
        model = StockMovement
        fields = ["id", "variant", "warehouse", "kind", "quantity", "balance_after", "unit_cost", "value", "reason"]
        fields += ["source_type", "source_id", "source_label", "effective_at", "made_by", "created_at"]


class AdjustmentInput(ApiSerializer):
    """`quantity` is signed: what is more or less than the books say."""

    variant_id = serializers.UUIDField()
    warehouse_id = serializers.UUIDField()
    quantity = QuantityField()
    reason = serializers.CharField(max_length=200)
    unit_cost = MoneyField(required=False, min_value=0)


class WarehouseShape(ApiModelSerializer):
    branch = StockBranch(read_only=True)

    class Meta:
        model = Warehouse
        fields = ["id", "code", "name", "kind", "branch", "address", "is_active", "version"]


class WarehouseInput(ApiSerializer):
    code = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Warehouse.Kind.choices)
    branch_id = serializers.UUIDField(required=False, allow_null=True)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)


class WarehouseChange(ApiSerializer):
    code = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Warehouse.Kind.choices)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)


def search_levels(rows: QuerySet, text: str) -> QuerySet:
    """Every word occurs in the product's search words."""
    for word in search_key(text).split()[:10]:
        rows = rows.filter(variant__product__search_text__contains=word)
    return rows


def below_reorder_point(rows: QuerySet, _operator: str, text: str) -> QuerySet:
    """`true`: what should be bought; `false`: the rest."""
    short = {"free__lte": F("reorder_point"), "reorder_point__gt": 0}
    return rows.filter(**short) if text == "true" else rows.exclude(**short)


class StockLevelViewSet(ResourceViewSet):
    """Stock per variant and warehouse."""

    queryset_for = staticmethod(selectors.list_levels)
    serializer_class = StockLevelShape
    filters = {
        "warehouse": ("eq", "in"),
        "branch": ("eq", "in"),
        "variant": ("eq", "in"),
        "product": ("eq", "in"),
        "brand": ("eq", "in"),
        "onHand": ("gt", "gte", "lt", "lte", "eq"),
        "belowReorderPoint": ("eq",),
    }
    filter_sources = {
        "branch": "warehouse__branch",
        "product": "variant__product",
        "brand": "variant__product__brand",
        "belowReorderPoint": below_reorder_point,
        "available": "free",
        "sku": "variant__sku",
        "name": "variant__product__name",
    }
    sorts = ("name", "sku", "onHand", "available", "updatedAt")
    search = staticmethod(search_levels)
    rights = {
        "list": "inventory.view",
        "retrieve": "inventory.view",
        "update": "inventory.adjust",
        "branches": "inventory.view",
    }
    listings = {"branches"}
    input_classes = {"update": LevelChange}
    output_classes = {"branches": SharedLevelShape(many=True)}

    def get_serializer_class(self) -> Any:
        return SharedLevelShape if self.action == "branches" else super().get_serializer_class()

    @action(detail=False, methods=["get"], url_path="branches")
    def branches(self, _request: Request) -> Response:
        """The stock of all branches that the company lets this one see; to read only."""
        return self.list_rows(selectors.list_shared_levels(self.actor))

    def perform_update(self, instance: StockLevel, data: dict[str, Any]) -> StockLevel:
        return services.change_level(self.actor, instance, **data)


class MovementViewSet(ResourceViewSet):
    """The stock ledger, newest first."""

    queryset_for = staticmethod(selectors.list_movements)
    serializer_class = MovementShape
    pagination_class = CursorPagination
    filters = {
        "variant": ("eq", "in"),
        "warehouse": ("eq", "in"),
        "kind": ("eq", "in"),
        "sourceType": ("eq",),
        "sourceId": ("eq",),
        "createdAt": ("gte", "lte"),
    }
    rights = {"list": "inventory.view", "retrieve": "inventory.view"}


def _list_adjustments(actor: Actor) -> QuerySet[StockMovement]:
    return selectors.list_movements(actor).filter(kind=StockMovement.Kind.ADJUSTMENT)


class AdjustmentViewSet(ResourceViewSet):
    """Corrections by people, each with its reason."""

    queryset_for = staticmethod(_list_adjustments)
    serializer_class = MovementShape
    pagination_class = CursorPagination
    filters = {"variant": ("eq", "in"), "warehouse": ("eq", "in"), "createdAt": ("gte", "lte")}
    rights = {"list": "inventory.view", "create": "inventory.adjust"}
    idempotent = {"create"}
    input_classes = {"create": AdjustmentInput}

    def perform_create(self, data: dict[str, Any]) -> StockMovement:
        return services.adjust_stock(self.actor, **data)


class WarehouseViewSet(ResourceViewSet):
    """Places that keep stock."""

    queryset_for = staticmethod(selectors.list_warehouses)
    serializer_class = WarehouseShape
    filters = {"branch": ("eq", "in"), "kind": ("eq", "in"), "isActive": ("eq",)}
    sorts = ("name", "code")
    rights = {
        "list": "inventory.view",
        "retrieve": "inventory.view",
        "create": "settings.edit",
        "update": "settings.edit",
    }
    input_classes = {"create": WarehouseInput, "update": WarehouseChange}

    def perform_create(self, data: dict[str, Any]) -> Warehouse:
        branch_id: UUID | None = data.pop("branch_id", None)
        return services.create_warehouse(self.actor, branch_id=branch_id, **data)

    def perform_update(self, instance: Warehouse, data: dict[str, Any]) -> Warehouse:
        return services.update_warehouse(self.actor, instance, **data)


ROUTES = [
    route("inventory/movements", MovementViewSet, "stock-movement"),
    route("inventory/adjustments", AdjustmentViewSet, "stock-adjustment"),
    route("inventory/warehouses", WarehouseViewSet, "warehouse"),
    route("inventory", StockLevelViewSet, "stock-level"),
]
