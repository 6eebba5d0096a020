"""Finding products: lists, search with and without accents and typing errors, suggestions."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    FloatField,
    Min,
    OrderBy,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from apps.core.actor import Actor
from apps.core.text import compact_key, search_key
from apps.engines.catalog.models import Category, Fitment, Product, ProductMedia, Variant
from apps.platform.organizations.models import Organization

SIMILAR = 0.5
# Pictures with their files, and vehicles with their makes: one query each.
PICTURES = Prefetch("media", ProductMedia.objects.select_related("file"))
FITMENTS = Prefetch("fitments", Fitment.objects.select_related("model__make"))
SORTS: dict[str, list[str | OrderBy]] = {
    "relevance": ["-relevance", "-popularity", "name", "pk"],
    "price": ["list_price", "name", "pk"],
    "-price": [F("list_price").desc(nulls_last=True), "name", "pk"],
    "newest": ["-created_at", "-pk"],
    "name": ["name", "pk"],
}


@dataclass(frozen=True, slots=True)
class ProductFilters:
    """What to narrow a search to. `organization_id` looks into a distributor's offer, `market` into all distributors'."""

    category: str | int | None = None
    brand: str | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    in_stock: bool = False
    model_id: UUID | None = None
    year: int | None = None
    organization_id: UUID | None = None
    kind: str | None = None
    status: str | None = None
    market: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    text: str
    kind: str  # product, brand, category, part_number
    product_id: UUID | None = None


def list_products(actor: Actor) -> QuerySet[Product]:
    """The company's own products with list price, stock and picture, at a fixed number of queries."""
    return with_summary(Product.objects.visible_to(actor))


def list_products_in_full(actor: Actor) -> QuerySet[Product]:
    """As `list_products`, with the vehicles that they fit."""
    return list_products(actor).prefetch_related(FITMENTS)


def list_variants(actor: Actor) -> QuerySet[Variant]:
    return Variant.objects.visible_to(actor).select_related("product__brand", "product__category")


def list_offered(actor: Actor, organization_id: UUID | None = None) -> QuerySet[Product]:
    """What other companies that distribute parts offer on the marketplace; of one of them, or of all."""
    rows = Product.objects.filter(
        status=Product.Status.ACTIVE,
        organization__kinds__contains=[Organization.Kind.DISTRIBUTOR],
        organization__status=Organization.Status.ACTIVE,
    )
    if actor.organization_id is None:
        return rows.none()
    rows = rows.exclude(organization_id=actor.organization_id)
    return rows.filter(organization_id=organization_id) if organization_id else rows


def list_offered_variants(actor: Actor, variant: Variant) -> QuerySet[Variant]:
    """Other companies' articles for the same part: same barcode, or same brand and part number."""
    return Variant.objects.filter(same_part(variant), is_active=True, product__in=list_offered(actor)).select_related(
        "product__brand", "organization"
    )


def same_part(variant: Variant) -> Q:
    """Condition on variants: the same barcode, or the same brand and part number."""
    condition = Q(pk__in=[])
    if variant.barcode:
        condition |= Q(barcode=variant.barcode)
    product = variant.product
    if product.brand_id and product.part_key:
        condition |= Q(product__brand_id=product.brand_id, product__part_key=product.part_key)
    return condition


def find_matching_variant(organization_id: UUID, variant: Variant) -> Variant | None:
    """The company's own variant of the same part, or None. A barcode goes before a number, equal options before others."""
    found = list(
        Variant.objects.filter(same_part(variant), organization_id=organization_id, is_active=True)
        .exclude(product__status=Product.Status.DISCONTINUED)
        .select_related("product")
        .order_by("created_at", "pk")
    )
    if not found:
        return None
    return min(
        found, key=lambda own: (own.barcode != variant.barcode or not own.barcode, own.options != variant.options)
    )


def with_summary(products: QuerySet[Product]) -> QuerySet[Product]:
    """Adds `list_price` (lowest of the active variants) and `available`, and loads brand, category, pictures, variants."""
    variants = Variant.objects.filter(product=OuterRef("pk"), is_active=True).order_by()
    prices = variants.values("product").annotate(lowest=Min("price")).values("lowest")
    # Stock is told by the inventory above: only its columns are named here, reached over the variant.
    stock = (
        variants.filter(levels__condition="sellable")
        .values("product")
        .annotate(free=Sum(F("levels__on_hand") - F("levels__reserved")))
        .values("free")
    )
    return (
        products.select_related("organization", "brand", "category", "tax_class")
        .prefetch_related("variants", PICTURES)
        .annotate(
            list_price=Subquery(prices),
            available=Coalesce(
                Subquery(stock), Value(Decimal(0)), output_field=DecimalField(max_digits=14, decimal_places=3)
            ),
        )
    )


def search_products(
    actor: Actor, text: str = "", *, filters: ProductFilters | None = None, sort: str = "relevance"
) -> QuerySet[Product]:
    """Products that match every word, by name with or without accents, or by the start of any number.

    When nothing matches as typed, words that merely resemble count too. Sorts: `SORTS`.
    """
    filters = filters or ProductFilters()
    rows = apply_filters(with_summary(_scope(actor, filters)), filters)
    return match_text(rows, text).order_by(*SORTS[sort])


def match_text(products: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Narrows to products that match `text` and annotates `relevance` (higher is better)."""
    query = search_key(text)[:120]
    if not query:
        return products.annotate(relevance=F("popularity"))
    exact = products.filter(_starts_a_number(query) | _contains_words(query.split()))
    if exact.exists():
        return exact.annotate(relevance=_relevance(query))
    return _resembling(products, query)


def apply_filters(products: QuerySet[Product], filters: ProductFilters) -> QuerySet[Product]:
    """Narrows by everything but the text. Needs the annotations of `with_summary`."""
    conditions = [
        filters.category is not None and Q(category__in=subtree_of(filters.category)),
        filters.brand and (Q(brand__slug=filters.brand) | Q(brand__name__iexact=filters.brand)),
        filters.price_from is not None and Q(list_price__gte=filters.price_from),
        filters.price_to is not None and Q(list_price__lte=filters.price_to),
        filters.in_stock and Q(available__gt=0),
        (filters.model_id or filters.year) and _fits(filters),
        filters.kind and Q(kind=filters.kind),
        filters.status and Q(status=filters.status),
    ]
    return products.filter(*(condition for condition in conditions if condition))


def suggest(actor: Actor, text: str, *, limit: int = 8) -> list[Suggestion]:
    """What the typed beginning may become: products and part numbers, then brands and categories."""
    query = search_key(text)
    if len(query) < 2:
        return []
    products = search_products(actor, text, filters=ProductFilters(status=Product.Status.ACTIVE))[:limit]
    key = compact_key(text)
    found = [
        Suggestion(product.part_number, "part_number", product.pk)
        if product.part_key and product.part_key.startswith(key)
        else Suggestion(product.name, "product", product.pk)
        for product in products
    ]
    names = {product.brand.name: "brand" for product in products if product.brand}
    names |= {product.category.name: "category" for product in products}
    found += [Suggestion(name, kind) for name, kind in names.items() if search_key(name).startswith(query)]
    return found[:limit]


def subtree_of(category: str | int) -> list[int]:
    """The ids of a category (by id or address name) and of all below it; empty when there is none."""
    by = {"pk": int(category)} if str(category).isdigit() else {"slug": category}
    top = Category.objects.filter(**by).first()
    return list(top.descendants(include_self=True).values_list("pk", flat=True)) if top else []


def category_tree(*, include_hidden: bool = False) -> list[Category]:
    """All categories, parents before children, each with `tree_depth`."""
    rows = Category.objects.with_tree_fields()
    return list(rows if include_hidden else rows.filter(is_active=True))


def main_picture(product: Product) -> ProductMedia | None:
    """The main picture, or else the first one; reads what `with_summary` has loaded."""
    return next(iter(product.media.all()), None)


def _scope(actor: Actor, filters: ProductFilters) -> QuerySet[Product]:
    if filters.market:
        return list_offered(actor, filters.organization_id)
    if filters.organization_id in (None, actor.organization_id):
        return Product.objects.visible_to(actor)
    return list_offered(actor, filters.organization_id)


def _fits(filters: ProductFilters) -> Q:
    fitments = Fitment.objects.filter(product=OuterRef("pk"))
    if filters.model_id:
        fitments = fitments.filter(model_id=filters.model_id)
    if filters.year:
        fitments = fitments.filter(year_from__lte=filters.year, year_to__gte=filters.year)
    universal = ~Exists(Fitment.objects.filter(product=OuterRef("pk")))
    return Q(Exists(fitments)) | Q(universal)


def _contains_words(words: Iterable[str]) -> Q:
    return reduce(and_, (Q(search_text__contains=word) for word in words))


def _starts_a_number(query: str) -> Q:
    key = compact_key(query)
    if len(key) < 2 or not any(sign.isdigit() for sign in key):
        return Q(pk__in=[])
    variants = Variant.objects.filter(Q(sku_key__startswith=key) | Q(barcode__startswith=key), product=OuterRef("pk"))
    word_start = Q(search_text__startswith=key) | Q(search_text__contains=f" {key}")
    return Q(part_key__startswith=key) | Q(Exists(variants)) | word_start


def _relevance(query: str) -> Case:
    key = compact_key(query)
    return Case(
        When(part_key=key or "-", then=Value(4.0)),
        When(part_key__startswith=key or "-", then=Value(3.0)),
        When(search_text__startswith=query, then=Value(2.0)),
        default=TrigramWordSimilarity(query, "search_text"),
        output_field=FloatField(),
    )


def _resembling(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    words = query.split()[:8]
    names = {f"word_{place}": TrigramWordSimilarity(word, "search_text") for place, word in enumerate(words)}
    likes = reduce(
        and_,
        (
            reduce(or_, [Q(**{f"word_{place}__gte": SIMILAR}), Q(search_text__contains=word)])
            for place, word in enumerate(words)
        ),
    )
    whole = TrigramWordSimilarity(query, "search_text")
    relevance = Greatest(whole, *(F(name) for name in names)) if len(names) > 1 else whole
    return products.annotate(**names).filter(likes).annotate(relevance=relevance)
