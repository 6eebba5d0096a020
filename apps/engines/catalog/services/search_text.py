"""Keeping the search column in step with what it is made of."""

from apps.engines.catalog.models import Product
from apps.engines.catalog.rules import search_words


def refresh_search_text(product: Product) -> None:
    """Writes the words by which the product is found: names, brand, category, numbers, SKUs, vehicles."""
    variants = list(product.variants.all())
    fitments = product.fitments.select_related("model__make")
    texts = [
        product.name,
        product.name_en,
        product.brand.name if product.brand else "",
        product.category.name,
        product.category.name_en,
        *(str(fitment.model) for fitment in fitments),
    ]
    numbers = [
        product.part_number,
        *product.oem_numbers,
        *(variant.sku for variant in variants),
        *(variant.barcode for variant in variants),
    ]
    product.search_text = search_words(texts, numbers)
    Product.objects.filter(pk=product.pk).update(search_text=product.search_text)
