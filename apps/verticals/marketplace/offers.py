"""Parts with the offers of all distributors side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.engines.catalog.models import Product, Variant
from apps.engines.catalog.selectors import list_variants
from apps.engines.inventory.selectors import total_available
from apps.engines.orders.offers import Offer, list_offered_articles, offers_of
from apps.verticals.marketplace.pictures import picture_of

Key = tuple[Any, str]


@dataclass
class Part:
    """One part as the market knows it: who offers it, and what the garage has of it itself."""

    product: Product
    offers: list[Offer] = field(default_factory=list)
    own: Decimal | None = None

    @property
    def picture(self) -> str:
        return picture_of(self.product)

    @property
    def best(self) -> Offer | None:
        """The cheapest among those that can deliver."""
        return next((offer for offer in self.offers if offer.can_deliver), None)


def key_of(product: Product) -> Key:
    return part_of(product.pk, product.brand_id, product.part_key)


def part_of(product_id: UUID, brand_id: UUID | None, part_key: str) -> Key:
    """Products with the same key are the same part: brand and part number, or else just this product."""
    return (brand_id, part_key) if brand_id and part_key else (product_id, "")


def group_parts(rows: QuerySet[Product], *, most: int = 300) -> list[list[UUID]]:
    """The ids of the found products, those of the same part together, in the order of the search."""
    groups: dict[Key, list[UUID]] = {}
    bare = rows.select_related(None).prefetch_related(None)
    for row in bare.values_list("pk", "brand_id", "part_key")[:most]:
        groups.setdefault(part_of(*row), []).append(row[0])
    return list(groups.values())


def load_parts(actor: Actor, products: Sequence[Product]) -> list[Part]:
    """The parts of these products with every distributor's offer for one piece, at a fixed number of queries."""
    parts = {key_of(product): Part(product) for product in products}
    if not parts:
        return []
    found = list(list_offered_articles(actor).filter(_any_of(parts, products)).order_by("pk"))
    for offer in sorted(offers_of(actor, [(variant, Decimal(1)) for variant in found]), key=Offer.order_key):
        part = parts.get(key_of(offer.variant.product))
        if part:
            part.offers.append(offer)
    _add_own(actor, parts)
    return list(parts.values())


def _add_own(actor: Actor, parts: dict[Key, Part]) -> None:
    """What the garage has of each part, None when it does not keep it."""
    if not actor.can("inventory.view"):
        return
    own = list(list_variants(actor).filter(_same_numbers(parts), is_active=True)) if _same_numbers(parts) else []
    free = total_available([variant.pk for variant in own], actor.require_organization()) if own else {}
    for variant in own:
        part = parts.get(key_of(variant.product))
        if part:
            part.own = (part.own or Decimal(0)) + free.get(variant.pk, Decimal(0))


def _any_of(parts: Iterable[Key], products: Sequence[Product]) -> Q:
    return _same_numbers(parts) | Q(product__in=[product.pk for product in products])


def _same_numbers(parts: Iterable[Key]) -> Q:
    numbers = [Q(product__brand_id=brand, product__part_key=number) for brand, number in parts if number]
    return reduce(or_, numbers, Q())


def price_lines(actor: Actor, wanted: dict[UUID, Decimal]) -> list[Offer]:
    """The offers for the wanted articles that are still offered, each for its quantity, by seller and name."""
    rows: list[Variant] = list(
        list_offered_articles(actor)
        .filter(pk__in=wanted)
        .prefetch_related("product__media__file")
        .order_by("organization__name", "product__name", "pk")
    )
    return offers_of(actor, [(variant, wanted[variant.pk]) for variant in rows])
