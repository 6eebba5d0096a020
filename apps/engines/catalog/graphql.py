"""Products and variants in GraphQL."""

import datetime
from decimal import Decimal
from typing import Any

import strawberry

from apps.core.actor import Actor
from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import check_search, find_one, narrow
from apps.core.graphql.rights import Right, ShownTo
from apps.core.graphql.rows import children, visible_one
from apps.engines.catalog import selectors

PRODUCT_FILTERS = {"status": "status__in", "kind": "kind__in"}
VARIANT_FILTERS = {"sku": "sku", "barcode": "barcode", "is_active": "is_active"}
PRODUCT_SORTS = {"createdAt": "created_at", "name": "name", "listPrice": "list_price", "available": "available"}
VARIANT_SORTS = {"createdAt": "created_at", "sku": "sku", "price": "price"}


def _is_own(row: Any, actor: Actor) -> bool:
    return bool(row.organization_id == actor.organization_id)


@strawberry.type(description="One SKU. `cost` is shown to those of the own company who may see costs.")
class Variant:
    id: strawberry.ID
    product_id: strawberry.ID
    sku: str
    barcode: str
    unit: str
    price: Decimal
    weight_g: int
    is_stocked: bool
    is_active: bool
    version: int

    @strawberry.field(extensions=[ShownTo("inventory.see_cost", if_own=_is_own)])
    def cost(self) -> Decimal | None:
        return self.cost

    @strawberry.field
    def product(self, info: strawberry.Info) -> "Product | None":
        return visible_one(self, "product_id", selectors.list_products(actor_of(info)))


@strawberry.type(description="A product. `listPrice` is the lowest of its active variants, `available` the free stock.")
class Product:
    id: strawberry.ID
    name: str
    name_en: str
    slug: str
    kind: str
    status: str
    part_number: str
    description: str
    warranty_months: int
    list_price: Decimal | None
    available: Decimal
    version: int
    created_at: datetime.datetime

    @strawberry.field
    def brand_name(self) -> str | None:
        return self.brand.name if self.brand else None

    @strawberry.field
    def category_name(self) -> str | None:
        return self.category.name if self.category else None

    @strawberry.field
    def variants(self) -> list[Variant]:
        return children(self, "variants")


@strawberry.input
class ProductFilter:
    status: list[str] | None = None
    kind: list[str] | None = None


@strawberry.input
class VariantFilter:
    sku: str | None = None
    barcode: str | None = None
    is_active: bool | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("catalog.view")])
    def product(self, info: strawberry.Info, id: strawberry.ID) -> Product | None:
        return find_one(selectors.list_products(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(PRODUCT_SORTS), Right("catalog.view")])
    def products(
        self,
        info: strawberry.Info,
        search: str = "",
        filter: ProductFilter | None = None,
    ) -> Connection[Product]:
        rows = narrow(selectors.list_products(actor_of(info)), filter, PRODUCT_FILTERS)
        if words := check_search(search):
            rows = selectors.match_text(rows, words)
        return rows

    @strawberry.field(extensions=[Right("catalog.view")])
    def variant(self, info: strawberry.Info, id: strawberry.ID) -> Variant | None:
        return find_one(selectors.list_variants(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(VARIANT_SORTS, default="sku"), Right("catalog.view")])
    def variants(
        self,
        info: strawberry.Info,
        filter: VariantFilter | None = None,
    ) -> Connection[Variant]:
        return narrow(selectors.list_variants(actor_of(info)), filter, VARIANT_FILTERS)
