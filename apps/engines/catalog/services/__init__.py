"""Every change of the catalogue."""

from apps.engines.catalog.selectors import find_matching_variant
from apps.engines.catalog.services.categories import create_category, update_category
from apps.engines.catalog.services.copy_product import copy_product_to
from apps.engines.catalog.services.inputs import FitmentInput, VariantInput
from apps.engines.catalog.services.media import add_media, remove_media, set_main_media
from apps.engines.catalog.services.products import create_product, set_fitments, update_product
from apps.engines.catalog.services.variants import add_variant, update_variant

__all__ = [
    "FitmentInput",
    "VariantInput",
    "add_media",
    "add_variant",
    "copy_product_to",
    "create_category",
    "create_product",
    "find_matching_variant",
    "remove_media",
    "set_fitments",
    "set_main_media",
    "update_category",
    "update_product",
    "update_variant",
]
