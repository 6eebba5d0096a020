"""Warehouses, and stock to look at, in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin.groups import STOCK
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.master import TrackedMasterAdmin
from apps.engines.inventory import services
from apps.engines.inventory.models import StockLevel, StockMovement, StockReservation, StockShortage, Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = STOCK, 500, "warehouse"
    create, update = services.create_warehouse, services.update_warehouse
    list_display = ("name", "code", "kind", "branch", "organization", "is_active")
    list_select_related = ("branch", "organization")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code", "organization__name")
    autocomplete_fields = ("organization", "branch")
    fixed_fields = ("organization", "branch")
    by_id = ("branch",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = ["organization", "branch", "code", "name", "kind", "address"]
        return names if obj is None else [*names, "is_active"]


@admin.register(StockLevel)
class StockLevelAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = STOCK, 501, "inventory_2"
    list_display = ("variant", "warehouse", "condition", "on_hand", "reserved", "incoming", "average_cost")
    list_select_related = ("variant", "warehouse")
    list_filter = ("condition",)
    search_fields = ("variant__sku", "variant__sku_key", "warehouse__name")


@admin.register(StockShortage)
class StockShortageAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = STOCK, 504, "production_quantity_limits"
    list_display = ("level", "created_at")
    list_select_related = ("level__variant", "level__warehouse")
    search_fields = ("level__variant__sku", "level__variant__sku_key", "level__warehouse__name")


@admin.register(StockMovement)
class StockMovementAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = STOCK, 502, "swap_vert"
    list_display = ("effective_at", "variant", "warehouse", "kind", "quantity", "balance_after", "source_label")
    list_select_related = ("variant", "warehouse")
    list_filter = ("kind",)
    search_fields = ("variant__sku", "variant__sku_key", "source_label")


@admin.register(StockReservation)
class StockReservationAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = STOCK, 503, "lock_clock"
    list_display = ("level", "quantity", "consumed", "released", "state", "source_type", "expires_at")
    list_select_related = ("level__variant", "level__warehouse")
    list_filter = ("state",)
    search_fields = ("level__variant__sku", "source_id")
