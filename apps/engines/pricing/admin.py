"""Tax rates and price lists in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin.groups import GOODS
from apps.core.admin.lines import LineInline
from apps.core.admin.master import MasterAdmin, TrackedMasterAdmin
from apps.engines.pricing import services
from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem, TaxRate


@admin.register(TaxRate)
class TaxRateAdmin(MasterAdmin):
    """A rate holds for a span of days; the database refuses two at once."""

    nav_group, nav_order, nav_icon = GOODS, 405, "percent"
    organization_path = ""
    list_display = ("tax_class", "rate", "period")
    list_select_related = ("tax_class",)
    search_fields = ("tax_class__name", "tax_class__code")
    autocomplete_fields = ("tax_class",)


class ItemInline(LineInline):
    model = PriceListItem
    autocomplete_fields = ("variant",)


class AssignmentInline(LineInline):
    model = PriceListAssignment
    autocomplete_fields = ("seller", "buyer_organization", "customer")


@admin.register(PriceList)
class PriceListAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = GOODS, 406, "price_change"
    create, update = services.create_price_list, services.update_price_list
    list_display = ("name", "organization", "discount_percent", "is_active")
    list_select_related = ("organization",)
    list_filter = ("is_active",)
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization",)
    fixed_fields = ("organization",)
    inlines = (ItemInline, AssignmentInline)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = ["organization", "name", "discount_percent"]
        return names if obj is None else [*names, "is_active"]
