"""/variants: the SKUs by themselves, to change them and to pick them."""

from typing import Any

from apps.core.api.viewsets import ResourceViewSet
from apps.engines.catalog import selectors, services
from apps.engines.catalog.models import Variant
from apps.engines.catalog.rest.inputs import VariantChangeShape
from apps.engines.catalog.rest.products import search_variants
from apps.engines.catalog.rest.shapes import VariantShape


class VariantViewSet(ResourceViewSet):
    """The company's SKUs."""

    queryset_for = staticmethod(selectors.list_variants)
    serializer_class = VariantShape
    filters = {
        "sku": ("eq", "contains"),
        "barcode": ("eq",),
        "product": ("eq", "in"),
        "isActive": ("eq",),
        "isStocked": ("eq",),
    }
    sorts = ("sku", "price", "createdAt")
    search = staticmethod(search_variants)
    rights = {"list": "catalog.view", "retrieve": "catalog.view", "update": "catalog.edit"}
    input_classes = {"update": VariantChangeShape}

    def perform_update(self, instance: Variant, data: dict[str, Any]) -> Variant:
        return services.update_variant(self.actor, instance, **data)
