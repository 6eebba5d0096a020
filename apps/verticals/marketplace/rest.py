"""/marketplace/offers: distributors' offers for a part, side by side."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.query import refuse
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, MoneyField, QuantityField
from apps.core.api.values import parse_decimal
from apps.core.api.views import ApiView
from apps.core.db import get_visible
from apps.engines.catalog.models import Variant
from apps.engines.orders.selectors import list_offers
from apps.engines.vehicles.models import Vehicle
from apps.platform.organizations.models import Organization

MOST = Decimal(100_000)


class OfferedVariant(ApiModelSerializer):
    name = serializers.CharField(source="product.name", read_only=True)
    brand = serializers.CharField(source="product.brand.name", default="", read_only=True)
    part_number = serializers.CharField(source="product.part_number", read_only=True)

    class Meta:
        model = Variant
        fields = ["id", "sku", "barcode", "unit", "name", "brand", "part_number"]


class OfferSeller(ApiModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "phone"]


class OfferShape(ApiSerializer):
    """Price for the caller's company. `canDeliver`: the whole quantity is there now, in one warehouse."""

    variant = OfferedVariant()
    seller = OfferSeller()
    quantity = QuantityField()
    currency = serializers.CharField(source="price.currency")
    unit_price = MoneyField()
    net = MoneyField(source="price.net")
    tax_rate = serializers.DecimalField(max_digits=5, decimal_places=2, source="price.tax_rate")
    tax = MoneyField(source="price.tax")
    gross = MoneyField()
    available = QuantityField()
    can_deliver = serializers.BooleanField()
    warehouse_name = serializers.CharField()
    lead_days = serializers.IntegerField()


class OffersView(ApiView):
    """Offers of distributors for a part."""

    rights = {"get": "order.place"}
    serializer_class = OfferShape
    output_classes = {"get": OfferShape(many=True)}
    parameters = {"get": ("variant", "brand", "partNumber", "q", "vehicle", "quantity")}

    def get(self, request: Request) -> Response:
        """Offers of distributors for an own variant, a part number, or words; the best comes first."""
        offers = list_offers(self.actor, quantity=self.read_quantity(), **self.read_part())
        return Response(OfferShape(offers, many=True).data)

    def read_quantity(self) -> Decimal:
        text = self.query.get("quantity", "1")
        try:
            quantity = parse_decimal(text)
        except ValueError:
            quantity = Decimal(0)
        if not 0 < quantity <= MOST:
            raise refuse("quantity", _("“%(value)s” is no possible value.") % {"value": text})
        return quantity

    def read_part(self) -> dict[str, Any]:
        part: dict[str, Any] = {
            "brand": self.query.get("brand"),
            "part_number": self.query.get("partNumber"),
            "text": self.query.get("q"),
        }
        if variant := self.query.get("variant"):
            part["variant"] = self.find_variant(variant)
        if vehicle := self.query.get("vehicle"):
            part["vehicle"] = get_visible(Vehicle.objects.all(), self.actor, vehicle)
        if not any(part.values()):
            raise refuse("partNumber", _("Please name a variant, a part number or words."))
        return part

    def find_variant(self, variant_id: "str | UUID") -> Variant:
        variant: Variant = get_visible(Variant.objects.select_related("product"), self.actor, variant_id)
        return variant


URLS = [path("marketplace/offers", OffersView.as_view(), name="marketplace-offers")]
