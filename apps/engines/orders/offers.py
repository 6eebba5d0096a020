"""The same part at all distributors, side by side: price for this buyer, stock, days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.text import compact_key
from apps.engines.catalog.models import Variant
from apps.engines.catalog.selectors import ProductFilters, list_offered, list_offered_variants, search_products
from apps.engines.inventory.models import Warehouse
from apps.engines.inventory.selectors import available_by_warehouse
from apps.engines.orders.rules import lead_days
from apps.engines.pricing.services import Buyer, Price, calculate_prices
from apps.engines.vehicles.models import Vehicle
from apps.platform.organizations.models import Organization

MOST = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """One distributor's article for `quantity`; `available` is what its fullest warehouse has, from which one line is served."""

    variant: Variant
    seller: Organization
    quantity: Decimal
    price: Price
    available: Decimal
    warehouse_name: str
    lead_days: int

    @property
    def variant_id(self) -> UUID:
        return self.variant.pk

    @property
    def seller_id(self) -> UUID:
        return self.seller.pk

    @property
    def unit_price(self) -> Decimal:
        return self.price.unit_price

    @property
    def gross(self) -> Decimal:
        return self.price.gross

    @property
    def can_deliver(self) -> bool:
        """Whether the whole quantity is there now."""
        return self.available >= self.quantity

    def order_key(self) -> tuple[Any, ...]:
        return (not self.can_deliver, self.gross, self.lead_days, self.seller.name, self.variant_id)


def list_offers(
    actor: Actor,
    *,
    variant: Variant | None = None,
    brand: str = "",
    part_number: str = "",
    text: str = "",
    vehicle: Vehicle | None = None,
    quantity: Decimal = Decimal(1),
) -> list[Offer]:
    """Offers of all distributors for the same part as `variant`, for a part number (of a brand), or for words.

    Those that can deliver all come first, then the cheapest, then the fastest. Needs `order.place` or `order.view`.
    """
    _require(actor)
    if variant is not None:
        found = list_offered_variants(actor, variant)
    elif part_number:
        found = _by_number(actor, brand, part_number)
    else:
        found = _by_text(actor, text, vehicle)
    return sorted(_offers(actor, [(row, quantity) for row in found[:MOST]]), key=Offer.order_key)


def best_offer(
    actor: Actor,
    *,
    variant: Variant | None = None,
    brand: str = "",
    part_number: str = "",
    quantity: Decimal = Decimal(1),
) -> Offer | None:
    """The cheapest offer among those that can deliver all, the fastest of equals; None when nobody can."""
    offers = list_offers(actor, variant=variant, brand=brand, part_number=part_number, quantity=quantity)
    return next((offer for offer in offers if offer.can_deliver), None)


def offers_of(actor: Actor, lines: Sequence[tuple[Variant, Decimal]]) -> list[Offer]:
    """The offers of known articles, each for its quantity, in the order given. Needs `order.place` or `order.view`."""
    _require(actor)
    return list(_offers(actor, lines))


def list_offered_articles(actor: Actor) -> QuerySet[Variant]:
    """Every article that other companies offer now, with product, brand and seller."""
    return _offered(actor)


def _require(actor: Actor) -> None:
    if not actor.can("order.place"):
        actor.require("order.view")


def _by_number(actor: Actor, brand: str, part_number: str) -> QuerySet[Variant]:
    key = compact_key(part_number)
    rows = _offered(actor).filter(Q(product__part_key=key) | Q(sku_key=key) | Q(barcode=part_number.strip()))
    return rows.filter(Q(product__brand__slug=brand) | Q(product__brand__name__iexact=brand)) if brand else rows


def _by_text(actor: Actor, text: str, vehicle: Vehicle | None) -> QuerySet[Variant]:
    filters = ProductFilters(
        market=True,
        model_id=vehicle.model_id if vehicle else None,
        year=vehicle.year if vehicle else None,
    )
    products = search_products(actor, text, filters=filters)[:MOST]
    return _offered(actor).filter(product__in=[product.pk for product in products])


def _offered(actor: Actor) -> QuerySet[Variant]:
    return Variant.objects.filter(is_active=True, product__in=list_offered(actor)).select_related(
        "product__brand", "organization"
    )


def _offers(actor: Actor, lines: Sequence[tuple[Variant, Decimal]]) -> Iterable[Offer]:
    prices = calculate_prices(lines, buyer=Buyer(actor.organization_id))
    stock = available_by_warehouse(variant.pk for variant, _quantity in lines)
    for (variant, quantity), price in zip(lines, prices, strict=True):
        places = stock.get(variant.pk, [])
        available = _deliverable(places)
        yield Offer(
            variant=variant,
            seller=variant.organization,
            quantity=quantity,
            price=price,
            available=available,
            warehouse_name=places[0][0].name if places else "",
            lead_days=lead_days(variant.product.attributes, is_in_stock=available >= quantity),
        )


def _deliverable(places: list[tuple[Warehouse, Decimal]]) -> Decimal:
    """One line of an order is served from one warehouse: the fullest counts."""
    return places[0][1] if places else Decimal(0)
