"""/products with search, suggestions, variants and pictures."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.query import ListQuery, refuse
from apps.core.api.values import parse_boolean, parse_decimal, parse_integer
from apps.core.api.viewsets import ResourceViewSet, action
from apps.engines.catalog import selectors, services
from apps.engines.catalog.models import Product
from apps.engines.catalog.rest.inputs import (
    MediaInputShape,
    ProductChangeShape,
    ProductInputShape,
    VariantInputShape,
)
from apps.engines.catalog.rest.shapes import MediaShape, ProductBrief, ProductShape, SuggestionShape, VariantShape
from apps.engines.catalog.services import FitmentInput, VariantInput
from apps.platform.files.services import store_image

READERS = {
    "category": str,
    "brand": str,
    "priceFrom": parse_decimal,
    "priceTo": parse_decimal,
    "inStock": parse_boolean,
    "modelId": UUID,
    "year": parse_integer,
    "organization": UUID,
    "kind": str,
    "market": parse_boolean,
}
NAMES = {
    "priceFrom": "price_from",
    "priceTo": "price_to",
    "inStock": "in_stock",
    "modelId": "model_id",
    "organization": "organization_id",
}


class ProductViewSet(ResourceViewSet):
    """The company's products; through search also what distributors offer."""

    queryset_for = staticmethod(selectors.list_products)
    detail_queryset_for = staticmethod(selectors.list_products_in_full)
    serializer_class = ProductShape
    list_serializer_class = ProductBrief
    filters = {
        "status": ("eq", "in"),
        "kind": ("eq", "in"),
        "brand": ("eq", "in"),
        "category": ("eq", "in"),
        "partNumber": ("eq", "contains"),
        "isFeatured": ("eq",),
        "createdAt": ("gte", "lte"),
    }
    sorts = ("name", "createdAt", "listPrice", "available")
    search = staticmethod(selectors.match_text)
    listings = {"find"}
    rights = {
        "list": "catalog.view",
        "retrieve": "catalog.view",
        "find": "catalog.view",
        "suggest": "catalog.view",
        "create": "catalog.edit",
        "update": "catalog.edit",
        "variants": "catalog.edit",
        "media": "catalog.edit",
    }
    parameters = {"find": ("q", *READERS), "suggest": ("q",)}
    idempotent, creates = {"create"}, {"variants", "media"}
    input_classes = {
        "create": ProductInputShape,
        "update": ProductChangeShape,
        "variants": VariantInputShape,
        "media": MediaInputShape,
    }
    output_classes = {"suggest": SuggestionShape(many=True), "variants": VariantShape, "media": MediaShape}

    def perform_create(self, data: dict[str, Any]) -> Product:
        variants = [VariantInput(**row) for row in data.pop("variants")]
        fitments = [FitmentInput(**row) for row in data.pop("fitments", [])]
        return services.create_product(self.actor, variants=variants, fitments=fitments, **data)

    def perform_update(self, instance: Product, data: dict[str, Any]) -> Product:
        fitments = data.pop("fitments", None)
        product = services.update_product(self.actor, instance, **data)
        if fitments is not None:
            product = services.set_fitments(self.actor, product, fitments=[FitmentInput(**row) for row in fitments])
        return product

    @action(detail=False, methods=["get"], url_path="search")
    def find(self, request: Request) -> Response:
        """Search with or without accents, with typing errors, by the start of any number."""
        name = self.query.get("sort") or "relevance"
        sort = f"-{name}" if self.query.get("order") == "desc" and name == "price" else name
        if sort not in selectors.SORTS:
            names = ", ".join(key for key in selectors.SORTS if not key.startswith("-"))
            raise refuse("sort", _("Possible: %(names)s.") % {"names": names})
        text = self.query.get("q") or self.query.get("search")
        filters = selectors.ProductFilters(**read_filters(self.query))
        rows = selectors.search_products(self.actor, text, filters=filters, sort=sort)
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)

    @action(detail=False, methods=["get"])
    def suggest(self, request: Request) -> Response:
        """What the typed beginning may become."""
        found = selectors.suggest(self.actor, self.query.get("q"))
        return Response(SuggestionShape(found, many=True).data)

    @action(detail=True, methods=["post"])
    def variants(self, request: Request, **kwargs: Any) -> Response:
        """Add a variant."""
        given = VariantInput(**self.read_body(VariantInputShape))
        variant = services.add_variant(self.actor, self.get_object(), variant=given)
        return Response(VariantShape(variant, context=self.get_serializer_context()).data, status=201)

    @action(detail=True, methods=["post"])
    def media(self, request: Request, **kwargs: Any) -> Response:
        """Upload a picture."""
        product = self.get_object()
        data = self.read_body(MediaInputShape)
        self.actor.require("catalog.edit")
        file = store_image(self.actor, data.pop("file"), is_public=True)
        media = services.add_media(self.actor, product, file=file, **data)
        return Response(MediaShape(media).data, status=201)


def read_filters(query: ListQuery) -> dict[str, Any]:
    """The plain parameters of a search, typed. Raises BadInput naming the parameter that cannot be read."""
    values: dict[str, Any] = {}
    for name, read in READERS.items():
        text = query.get(name)
        if not text:
            continue
        try:
            values[NAMES.get(name, name)] = read(text)
        except ValueError as error:
            raise refuse(name, _("“%(value)s” is no possible value.") % {"value": text}) from error
    if any(isinstance(value, Decimal) and value < 0 for value in values.values()):
        raise refuse("priceFrom", _("A price is not negative."))
    return values


def search_variants(queryset: QuerySet, text: str) -> QuerySet:
    """Variants of products that match."""
    products = selectors.match_text(Product.objects.filter(pk__in=queryset.order_by().values("product")), text)
    return queryset.filter(product__in=products.order_by().values("pk"))
