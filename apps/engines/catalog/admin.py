"""Categories, brands, products and variants in the staff CMS."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.actor import Actor
from apps.core.admin.groups import GOODS
from apps.core.admin.lines import LineInline, ReadOnlyInline
from apps.core.admin.master import MasterAdmin, TrackedMasterAdmin
from apps.engines.catalog import services
from apps.engines.catalog.models import Brand, Category, Fitment, Product, ProductMedia, TaxClass, Variant


@admin.register(Category)
class CategoryAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = GOODS, 402, "account_tree"
    organization_path = ""
    create, update = services.create_category, services.update_category
    list_display = ("name", "parent", "slug", "position", "is_active")
    list_select_related = ("parent",)
    list_filter = ("is_active",)
    search_fields = ("name", "name_en", "slug")
    autocomplete_fields = ("parent",)
    fields = ("name", "name_en", "parent", "icon", "position", "is_active")
    by_id = ("parent",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else [name for name in self.fields if name != "is_active"]


@admin.register(Brand)
class BrandAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = GOODS, 403, "sell"
    organization_path = ""
    list_display = ("name", "slug", "country")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(TaxClass)
class TaxClassAdmin(MasterAdmin):
    nav_group, nav_order, nav_icon = GOODS, 404, "percent"
    organization_path = ""
    list_display = ("name", "code", "country")
    list_filter = ("country",)
    search_fields = ("name", "code")


class VariantInline(ReadOnlyInline):
    model = Variant
    fields = ("sku", "barcode", "unit", "price", "is_active")
    show_change_link = True


class FitmentInline(LineInline):
    model = Fitment
    autocomplete_fields = ("model",)


class MediaInline(ReadOnlyInline):
    model = ProductMedia
    fields = ("file", "alt_text", "position", "is_main")


def update_product(actor: Actor, product: Product, **changes: Any) -> Product:
    return services.update_product(actor, product, **changes)


@admin.register(Product)
class ProductAdmin(TrackedMasterAdmin):
    """A product comes into being with its first variant, so it is made in the portal."""

    nav_group, nav_order, nav_icon = GOODS, 400, "category"
    update = update_product
    list_display = ("name", "part_number", "brand", "category", "status", "organization")
    list_select_related = ("brand", "category", "organization")
    list_filter = ("status", "kind")
    search_fields = ("search_text", "name", "part_number")
    autocomplete_fields = ("brand", "category", "tax_class")
    fixed_fields = ("organization", "slug")
    by_id = ("brand", "category", "tax_class")
    inlines = (VariantInline, FitmentInline, MediaInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Variant)
class VariantAdmin(TrackedMasterAdmin):
    nav_group, nav_order, nav_icon = GOODS, 401, "qr_code"
    update = services.update_variant
    list_display = ("sku", "product", "barcode", "price", "unit", "is_active", "organization")
    list_select_related = ("product", "organization")
    list_filter = ("is_active", "is_stocked")
    search_fields = ("sku", "sku_key", "barcode", "product__search_text")
    fixed_fields = ("organization", "product")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
