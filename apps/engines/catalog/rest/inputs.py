"""What the API takes for the catalogue."""

from rest_framework import serializers

from apps.core.api.serializers import ApiSerializer, MoneyField
from apps.engines.catalog.models import Product


class VariantInputShape(ApiSerializer):
    sku = serializers.CharField(max_length=60)
    price = MoneyField(min_value=0)
    barcode = serializers.CharField(max_length=32, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=20, required=False)
    cost = MoneyField(min_value=0, required=False)
    options = serializers.DictField(child=serializers.CharField(max_length=60), required=False)
    weight_g = serializers.IntegerField(min_value=0, max_value=2_000_000, required=False)
    is_stocked = serializers.BooleanField(required=False)


class VariantChangeShape(VariantInputShape):
    is_active = serializers.BooleanField(required=False)


class FitmentInputShape(ApiSerializer):
    model_id = serializers.UUIDField()
    year_from = serializers.IntegerField(min_value=1900, max_value=2100)
    year_to = serializers.IntegerField(min_value=1900, max_value=2100)


class ProductChangeShape(ApiSerializer):
    name = serializers.CharField(max_length=200)
    category_id = serializers.IntegerField()
    tax_class_id = serializers.UUIDField()
    brand_id = serializers.UUIDField(required=False, allow_null=True)
    name_en = serializers.CharField(max_length=200, required=False, allow_blank=True)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Product.Kind.choices, required=False)
    part_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    oem_numbers = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50, required=False)
    attributes = serializers.DictField(required=False)
    warranty_months = serializers.IntegerField(min_value=0, max_value=240, required=False)
    status = serializers.ChoiceField(choices=Product.Status.choices, required=False)
    is_featured = serializers.BooleanField(required=False)
    fitments = FitmentInputShape(many=True, required=False, max_length=500)


class ProductInputShape(ProductChangeShape):
    variants = VariantInputShape(many=True, max_length=100)


class MediaInputShape(ApiSerializer):
    file = serializers.ImageField()
    alt_text = serializers.CharField(max_length=200, required=False, allow_blank=True)
    is_main = serializers.BooleanField(required=False)


class CategoryInputShape(ApiSerializer):
    name = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    parent_id = serializers.IntegerField(required=False, allow_null=True)
    icon = serializers.CharField(max_length=40, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=9999, required=False)


class CategoryChangeShape(CategoryInputShape):
    name = serializers.CharField(max_length=120, required=False)
    is_active = serializers.BooleanField(required=False)
