"""Taking another company's article into one's own catalogue."""

from uuid import UUID

from django.db import transaction

from apps.core.actor import system_actor
from apps.engines.catalog.models import Fitment, Product, ProductMedia, Variant
from apps.engines.catalog.rules import part_key, slug_of
from apps.engines.catalog.selectors import find_matching_variant
from apps.engines.catalog.services.search_text import refresh_search_text
from apps.platform.audit import services as audit


@transaction.atomic
def copy_product_to(organization_id: UUID, variant: Variant) -> Variant:
    """The company's own variant of another company's article: the one it has, else a copy without cost.

    The list price is taken over as a first proposal; stock, cost and price lists stay with their company.
    """
    existing = find_matching_variant(organization_id, variant)
    if existing:
        return existing
    product = _copy_product(organization_id, variant.product)
    copy = Variant.objects.create(
        organization_id=organization_id,
        product=product,
        sku=(sku := _free_sku(organization_id, variant)),
        sku_key=part_key(sku),
        barcode=variant.barcode,
        options=variant.options,
        unit=variant.unit,
        price=variant.price,
        weight_g=variant.weight_g,
        is_stocked=variant.is_stocked,
    )
    refresh_search_text(product)
    audit.record(system_actor(organization_id), "product.copied", product, data={"sku": copy.sku})
    return copy


def _copy_product(organization_id: UUID, source: Product) -> Product:
    slugs = Product.objects.filter(organization_id=organization_id, slug__startswith=slug_of(source.name))
    taken = slugs.count()
    product = Product.objects.create(
        organization_id=organization_id,
        name=source.name,
        name_en=source.name_en,
        slug=f"{slug_of(source.name)}-{taken + 1}" if taken else slug_of(source.name),
        description=source.description,
        brand=source.brand,
        category=source.category,
        kind=source.kind,
        part_number=source.part_number,
        part_key=source.part_key,
        oem_numbers=source.oem_numbers,
        tax_class=source.tax_class,
        warranty_months=source.warranty_months,
    )
    Fitment.objects.bulk_create(
        Fitment(product=product, model_id=row.model_id, year_from=row.year_from, year_to=row.year_to)
        for row in source.fitments.all()
    )
    ProductMedia.objects.bulk_create(
        ProductMedia(
            product=product, file_id=row.file_id, alt_text=row.alt_text, position=row.position, is_main=row.is_main
        )
        for row in source.media.all()
    )
    return product


def _free_sku(organization_id: UUID, variant: Variant) -> str:
    keys = set(
        Variant.objects.filter(organization_id=organization_id, sku_key__startswith=variant.sku_key).values_list(
            "sku_key", flat=True
        )
    )
    if variant.sku_key not in keys:
        return variant.sku
    return next(
        sku for number in range(2, len(keys) + 3) if part_key(sku := f"{variant.sku[:52]}-{number}") not in keys
    )
