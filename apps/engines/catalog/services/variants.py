"""SKUs of a product."""

from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_visible, translate_violations
from apps.core.errors import BadInput
from apps.core.text import clean_text
from apps.engines.catalog.errors import BarcodeTaken, SkuTaken
from apps.engines.catalog.models import Product, Variant
from apps.engines.catalog.rules import check_barcode, part_key
from apps.engines.catalog.services.inputs import VariantInput
from apps.engines.catalog.services.search_text import refresh_search_text
from apps.platform.audit import services as audit

EDITABLE = frozenset({"sku", "barcode", "options", "unit", "price", "cost", "weight_g", "is_stocked", "is_active"})
TAKEN = {"variant_sku_unique": SkuTaken, "variant_barcode_unique": BarcodeTaken}


@transaction.atomic
def add_variant(actor: Actor, product: Product, *, variant: VariantInput) -> Variant:
    """One more SKU of the product. Needs `catalog.edit`; raises SkuTaken, BarcodeTaken, BadBarcode, BadInput."""
    actor.require("catalog.edit")
    product = lock_visible(actor, product)
    row = insert_variant(product, variant)
    refresh_search_text(product)
    audit.record(actor, "product.variant_added", product, data={"sku": row.sku})
    return row


@transaction.atomic
def update_variant(actor: Actor, variant: Variant, *, version: int | None = None, **changes: Any) -> Variant:
    """Changes SKU, barcode, unit, list price, standard cost and so on. Needs `catalog.edit`, for prices `price.edit`.

    Raises StaleWrite, SkuTaken, BarcodeTaken, BadBarcode, BadInput.
    """
    actor.require("price.edit" if {"price", "cost"} & changes.keys() else "catalog.edit")
    unknown = sorted(changes.keys() - EDITABLE)
    if unknown:
        raise BadInput(field=unknown[0])
    variant = lock_visible(actor, variant)
    variant.check_version(version)
    changed = [name for name, value in changes.items() if value != getattr(variant, name)]
    old = {name: str(getattr(variant, name)) for name in changed}
    for name in changed:
        setattr(variant, name, changes[name])
    if changed:
        _prepare(variant)
        with translate_violations(TAKEN):
            variant.save_changes(*changed, "sku_key")
        refresh_search_text(variant.product)
        new = {name: str(changes[name]) for name in changed}
        audit.record(actor, "variant.changed", variant, old=old, new=new)
    return variant


def insert_variant(product: Product, given: VariantInput) -> Variant:
    """The row of a new SKU; the caller keeps the search words and the log."""
    variant = Variant(
        organization_id=product.organization_id,
        product=product,
        sku=given.sku,
        barcode=given.barcode,
        options=given.options,
        unit=given.unit,
        price=given.price,
        cost=given.cost,
        weight_g=given.weight_g,
        is_stocked=given.is_stocked,
    )
    _prepare(variant)
    with translate_violations(TAKEN):
        variant.save(force_insert=True)
    return variant


def _prepare(variant: Variant) -> None:
    variant.sku, variant.barcode = clean_text(variant.sku), variant.barcode.strip()
    variant.sku_key = part_key(variant.sku)
    if not variant.sku_key:
        raise BadInput(field="sku")
    for name in ("price", "cost"):
        if getattr(variant, name) < 0:
            raise BadInput(field=name)
    check_barcode(variant.barcode)
