"""Parts with the offers of all distributors side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, Q, QuerySet, Value, prefetch_related_objects

from apps.core.actor import Actor
from apps.engines.catalog.models import Product, Variant
from apps.engines.catalog.selectors import FITMENTS, PICTURES, list_offered
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


def group_parts(rows: QuerySet[Product], *, most: int = 300) -> list[tuple[Key, UUID]]:
    """The found parts, each with the first of its products, in the order of the search."""
    heads: dict[Key, UUID] = {}
    bare = rows.select_related(None).prefetch_related(None)
    for row in bare.values_list("pk", "brand_id", "part_key")[:most]:
        heads.setdefault(part_of(*row), row[0])
    return list(heads.items())


def load_parts(actor: Actor, heads: Sequence[tuple[Key, UUID]]) -> list[Part]:
    """These parts, in their order, with every distributor's offer for one piece and what the garage has itself.

    At a fixed number of queries. What is not offered any more is left out.
    """
    if not heads:
        return []
    own, offered = _read_articles(actor, heads)
    products = _read_products(actor, [head for _key, head in heads], offered)
    parts = {key: Part(products[head]) for key, head in heads if head in products}
    for offer in sorted(offers_of(actor, [(variant, Decimal(1)) for variant in offered]), key=Offer.order_key):
        if part := parts.get(key_of(offer.variant.product)):
            part.offers.append(offer)
    for variant in own:
        if part := parts.get(key_of(variant.product)):
            part.own = (part.own or Decimal(0)) + (variant.own_stock or Decimal(0))
    return list(parts.values())


def _read_articles(actor: Actor, heads: Sequence[tuple[Key, UUID]]) -> tuple[list[Any], list[Any]]:
    """The articles of these parts: the garage's own with their stock (if it may see it), and those of others."""
    same = _same_numbers(key for key, _head in heads)
    rows = list_offered_articles(actor).filter(same | Q(product__in=[head for _key, head in heads]))
    rows = rows.annotate(own_stock=Value(None, output_field=DecimalField(max_digits=14, decimal_places=3)))
    if same and actor.can("inventory.view"):
        own = Variant.objects.visible_to(actor).filter(same, is_active=True)
        own = own.select_related("product__brand", "organization")
        rows = rows.union(own.annotate(own_stock=total_available(actor.require_organization())), all=True)
    found = list(rows.order_by("pk"))
    mine = [variant for variant in found if variant.organization_id == actor.organization_id]
    return mine, [variant for variant in found if variant.organization_id != actor.organization_id]


def _read_products(actor: Actor, heads: Sequence[UUID], articles: Iterable[Variant]) -> dict[UUID, Product]:
    """The products with pictures and vehicles; read anew only where no article has brought them along."""
    known = {article.product_id: article.product for article in articles}
    found = {head: known[head] for head in heads if head in known}
    if missing := [head for head in heads if head not in known]:
        found |= list_offered(actor).select_related("brand").in_bulk(missing)
    prefetch_related_objects(list(found.values()), PICTURES, FITMENTS)
    return found


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
