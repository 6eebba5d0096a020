"""What the garage offers."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.text import compact_key, search_key
from apps.engines.catalog.models import Fitment, Product, Variant
from apps.engines.inventory.selectors import availability
from apps.engines.pricing.selectors import Buyer, calculate_prices
from apps.verticals.workshop.models import JobCard, LabourOperation, ServicePackage

FEW = 6


def list_operations(actor: Actor) -> "QuerySet[LabourOperation]":
    return LabourOperation.objects.visible_to(actor).filter(is_active=True)


def list_packages(actor: Actor) -> "QuerySet[ServicePackage]":
    return ServicePackage.objects.visible_to(actor).filter(is_active=True)


def bookable_services(organization_id: UUID) -> list[ServicePackage | LabourOperation]:
    """What visitors can book online: packages first, then single operations. Two queries."""
    rules = {"organization_id": organization_id, "is_active": True, "is_bookable": True}
    return [*ServicePackage.objects.filter(**rules), *LabourOperation.objects.filter(**rules)]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """Something that can be put on an estimate; `free` is the stock of a part in the card's store."""

    kind: str
    id: UUID
    name: str
    code: str
    price: Decimal
    minutes: int = 0
    unit: str = ""
    free: Decimal | None = None


def search_menu(actor: Actor, card: JobCard, text: str) -> list[MenuItem]:
    """Packages, operations and own parts that match every typed word, accents aside; parts that fit the vehicle first."""
    words = search_key(text).split()
    if not words:
        return []
    packages = [
        MenuItem("package", row.pk, row.name, row.code, row.price, row.minutes)
        for row in list_packages(actor)
        if _matches(row, words)
    ]
    operations = [
        MenuItem("labour", row.pk, row.name, row.code, row.price, row.minutes)
        for row in list_operations(actor)
        if _matches(row, words)
    ]
    return [*packages[:FEW], *operations[:FEW], *_parts(actor, card, words)]


def _matches(row: LabourOperation | ServicePackage, words: list[str]) -> bool:
    """A garage's menu is short, so it is compared here, where accents do not matter."""
    whole = search_key(f"{row.name} {row.name_en} {row.code}")
    return all(word in whole for word in words)


def _parts(actor: Actor, card: JobCard, words: list[str]) -> list[MenuItem]:
    rows = Variant.objects.visible_to(actor).filter(is_active=True, product__status=Product.Status.ACTIVE)
    for word in words:
        key = compact_key(word) or word
        rows = rows.filter(
            Q(product__search_text__contains=word)
            | Q(sku_key__contains=key)
            | Q(product__part_key__contains=key)
            | Q(barcode__startswith=word)
        )
    fits = Fitment.objects.filter(product=OuterRef("product"), model_id=card.vehicle.model_id)
    found = list(
        rows.annotate(fits=Exists(fits))
        .select_related("product__brand")
        .order_by("-fits", "product__name", "pk")[: FEW * 2]
    )
    prices = calculate_prices(
        [(variant, Decimal(1)) for variant in found], buyer=Buyer(customer_id=card.customer_id), on=local_date()
    )
    free = availability([variant.pk for variant in found], [card.warehouse_id])
    return [
        MenuItem(
            "part",
            variant.pk,
            _part_name(variant),
            variant.sku,
            price.unit_price,
            unit=variant.unit,
            free=free.get((variant.pk, card.warehouse_id), Decimal(0)),
        )
        for variant, price in zip(found, prices, strict=True)
    ]


def _part_name(variant: Variant) -> str:
    brand = variant.product.brand
    return f"{variant.product.name} · {brand.name}" if brand else variant.product.name
