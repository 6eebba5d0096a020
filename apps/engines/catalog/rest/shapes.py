"""How the catalogue looks in the API."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, MoneyField, QuantityField
from apps.engines.catalog.models import Brand, Category, Fitment, Product, ProductMedia, TaxClass, Variant
from apps.engines.catalog.selectors import main_picture
from apps.platform.files.selectors import file_url
from apps.platform.organizations.models import Organization


class BrandBrief(ApiModelSerializer):
    class Meta:
        model = Brand
        fields = ["id", "name", "slug"]


class CategoryBrief(ApiModelSerializer):
    class Meta:
        model = Category
        fields = ["id", "name", "name_en", "slug"]


class CatalogueOwner(ApiModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "currency"]


class TaxClassBrief(ApiModelSerializer):
    class Meta:
        model = TaxClass
        fields = ["id", "code", "name"]


class VariantBrief(ApiModelSerializer):
    class Meta:
        model = Variant
        fields = ["id", "sku", "barcode", "unit", "price", "is_active"]


class VariantShape(ApiModelSerializer):
    """One SKU. `cost` is shown to those of the own company who may see costs, and null to everybody else."""

    cost = serializers.SerializerMethodField(method_name="read_cost")

    class Meta:
        model = Variant
        fields = ["id", "product_id", "sku", "barcode", "options", "unit", "price", "cost", "weight_g"]
        fields += ["is_stocked", "is_active", "version"]

    def read_cost(self, row: Variant) -> str | None:
        actor = self.context["actor"]
        may_see = row.organization_id == actor.organization_id and actor.can("inventory.see_cost")
        return str(row.cost) if may_see else None


class MediaShape(ApiModelSerializer):
    url = serializers.SerializerMethodField(method_name="full_url")
    thumbnail_url = serializers.SerializerMethodField(method_name="small_url")

    class Meta:
        model = ProductMedia
        fields = ["id", "url", "thumbnail_url", "alt_text", "is_main", "position"]

    def full_url(self, row: ProductMedia) -> str:
        return file_url(row.file)

    def small_url(self, row: ProductMedia) -> str:
        return file_url(row.file, thumbnail=True)


class FitmentShape(ApiModelSerializer):
    model = serializers.CharField(read_only=True)

    class Meta:
        model = Fitment
        fields = ["model_id", "model", "year_from", "year_to"]


class ProductBrief(ApiModelSerializer):
    """A product in lists. `listPrice` is the lowest list price of its active variants, `available` the free stock."""

    organization = CatalogueOwner(read_only=True)
    brand = BrandBrief(read_only=True)
    category = CategoryBrief(read_only=True)
    list_price = MoneyField(read_only=True, allow_null=True)
    available = QuantityField(read_only=True)
    thumbnail_url = serializers.SerializerMethodField(method_name="picture")
    variants = VariantBrief(many=True, read_only=True)

    class Meta:
        model = Product
        fields = ["id", "organization", "name", "name_en", "slug", "kind", "status", "brand", "category", "part_number"]
        fields += ["list_price", "available", "thumbnail_url", "variants", "created_at", "version"]

    def picture(self, row: Product) -> str:
        media = main_picture(row)
        return file_url(media.file, thumbnail=True) if media else ""


class ProductShape(ProductBrief):
    """A product with everything about it."""

    tax_class = TaxClassBrief(read_only=True)
    variants = VariantShape(many=True, read_only=True)
    media = MediaShape(many=True, read_only=True)
    fitments = FitmentShape(many=True, read_only=True)

    class Meta(ProductBrief.Meta):
        fields = [*ProductBrief.Meta.fields, "description", "oem_numbers", "attributes", "warranty_months"]
        fields += ["is_featured", "tax_class", "media", "fitments"]


class SuggestionShape(ApiSerializer):
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["product", "brand", "category", "part_number"])
    product_id = serializers.UUIDField(allow_null=True)


class CategoryShape(ApiModelSerializer):
    """A node of the tree with the nodes below it."""

    children = serializers.SerializerMethodField(method_name="nodes_below")

    class Meta:
        model = Category
        fields = ["id", "parent_id", "slug", "name", "name_en", "icon", "position", "is_active", "children"]

    def nodes_below(self, row: Category) -> list[dict[str, Any]]:
        below = self.context.get("children", {}).get(row.pk, [])
        return [dict(CategoryShape(node, context=self.context).data) for node in below]
