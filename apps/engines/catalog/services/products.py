"""Products and the vehicles that they fit."""

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.db import lock_visible, translate_violations
from apps.core.errors import BadInput, Duplicate
from apps.core.text import clean_text
from apps.engines.catalog.errors import FitmentTaken
from apps.engines.catalog.models import Brand, Category, Fitment, Product, TaxClass
from apps.engines.catalog.rules import part_key, slug_of
from apps.engines.catalog.services.inputs import FitmentInput, ProductFields, VariantInput
from apps.engines.catalog.services.search_text import refresh_search_text
from apps.engines.catalog.services.variants import insert_variant
from apps.engines.vehicles.models import VehicleModel
from apps.platform.audit import services as audit

EDITABLE = frozenset({"name", "category_id", "tax_class_id", *ProductFields.__annotations__})
REFERENCES = {"category_id": Category, "tax_class_id": TaxClass, "brand_id": Brand}


@transaction.atomic
def create_product(
    actor: Actor,
    *,
    name: str,
    category_id: int,
    tax_class_id: UUID,
    variants: Sequence[VariantInput],
    fitments: Sequence[FitmentInput] = (),
    **fields: Unpack[ProductFields],
) -> Product:
    """A new product of the actor's company with at least one variant. Needs `catalog.edit`.

    Raises BadInput (no variant, unknown category, brand, tax class or vehicle model), SkuTaken, BarcodeTaken,
    BadBarcode.
    """
    actor.require("catalog.edit")
    if not variants:
        raise BadInput(_("A product has at least one variant."), field="variants")
    values = _clean({"name": name, "category_id": category_id, "tax_class_id": tax_class_id, **fields})
    product = Product(organization_id=actor.require_organization(), **values)
    product.slug = _free_slug(product)
    with translate_violations({"product_slug_unique": Duplicate}):
        product.save(force_insert=True)
    for variant in variants:
        insert_variant(product, variant)
    _replace_fitments(product, fitments)
    refresh_search_text(product)
    audit.record(actor, "product.created", product, data={"skus": [variant.sku for variant in variants]})
    return product


@transaction.atomic
def update_product(actor: Actor, product: Product, *, version: int | None = None, **changes: Any) -> Product:
    """Changes the product's own fields; the address name stays. Needs `catalog.edit`.

    Raises StaleWrite, BadInput (a name that is no field of a product among them).
    """
    actor.require("catalog.edit")
    unknown = sorted(changes.keys() - EDITABLE)
    if unknown:
        raise BadInput(field=unknown[0])
    product = lock_visible(actor, product)
    product.check_version(version)
    values = _clean(changes)
    changed = [name for name, value in values.items() if value != getattr(product, name)]
    old = {name: _plain(getattr(product, name)) for name in changed}
    for name in changed:
        setattr(product, name, values[name])
    if changed:
        product.save_changes(*(name.removesuffix("_id") for name in changed))
        refresh_search_text(product)
        audit.record(actor, "product.changed", product, old=old, new={name: _plain(values[name]) for name in changed})
    return product


@transaction.atomic
def set_fitments(
    actor: Actor, product: Product, *, fitments: Sequence[FitmentInput], version: int | None = None
) -> Product:
    """Replaces the vehicles that the product fits. Needs `catalog.edit`; raises BadInput, FitmentTaken."""
    actor.require("catalog.edit")
    product = lock_visible(actor, product)
    product.check_version(version)
    _replace_fitments(product, fitments)
    product.save_changes()
    refresh_search_text(product)
    audit.record(actor, "product.fitments_changed", product, data={"count": len(fitments)})
    return product


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    cleaned = dict(values)
    for name in ("name", "name_en", "part_number"):
        if name in cleaned:
            cleaned[name] = clean_text(cleaned[name])
    if "name" in cleaned and not cleaned["name"]:
        raise BadInput(_("Please give a name."), field="name")
    if "part_number" in cleaned:
        cleaned["part_key"] = part_key(cleaned["part_number"])
    for name, model in REFERENCES.items():
        if cleaned.get(name) is not None and not model._default_manager.filter(pk=cleaned[name]).exists():
            raise BadInput(field=name)
    return cleaned


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _free_slug(product: Product) -> str:
    base = slug_of(product.name)
    taken = set(
        Product.objects.filter(organization_id=product.organization_id, slug__startswith=base).values_list(
            "slug", flat=True
        )
    )
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def _replace_fitments(product: Product, fitments: Sequence[FitmentInput]) -> None:
    if any(fitment.year_from > fitment.year_to for fitment in fitments):
        raise BadInput(_("The years run backward."), field="fitments")
    wanted = {fitment.model_id for fitment in fitments}
    if VehicleModel.objects.filter(pk__in=wanted).count() != len(wanted):
        raise BadInput(field="fitments")
    product.fitments.all().delete()
    with translate_violations({"fitment_unique": FitmentTaken}):
        Fitment.objects.bulk_create(
            Fitment(product=product, model_id=fitment.model_id, year_from=fitment.year_from, year_to=fitment.year_to)
            for fitment in fitments
        )
