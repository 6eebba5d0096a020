"""Orders in GraphQL, as each side sees them."""

import datetime
from decimal import Decimal
from typing import Any

import strawberry
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import find_one, narrow
from apps.core.graphql.rights import Right, ShownTo
from apps.core.graphql.rows import children
from apps.engines.orders import selectors
from apps.engines.orders.models import OrderLine as OrderLineRow
from apps.engines.orders.states import BUYER, SELLER, sides_of

FILTERS = {"state": "state__in", "number": "number"}
SORTS = {
    "placedAt": "placed_at",
    "createdAt": "created_at",
    "number": "number",
    "total": "total",
    "state": "state",
}


def _order_of(row: Any) -> Any:
    return row.order if isinstance(row, OrderLineRow) else row


def is_seller(row: Any, actor: Actor) -> bool:
    """Whether the actor's company sells the order (of the line)."""
    return SELLER in sides_of(_order_of(row), actor)


def is_buyer(row: Any, actor: Actor) -> bool:
    """Whether the actor's company buys it."""
    return BUYER in sides_of(_order_of(row), actor)


@strawberry.type(description="A company as the other side of an order.")
class OrderCompany:
    id: strawberry.ID
    name: str
    phone: str


@strawberry.type(description="`cost` is the seller's alone, for those who may see costs.")
class OrderLine:
    id: strawberry.ID
    position: int
    sku: str
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    net: Decimal
    tax_rate: Decimal
    tax: Decimal
    gross: Decimal
    shipped: Decimal
    received: Decimal

    @strawberry.field(extensions=[ShownTo(if_own=is_seller)])
    def variant_id(self) -> strawberry.ID | None:
        return self.variant_id

    @strawberry.field(extensions=[ShownTo(if_own=is_buyer)])
    def buyer_variant_id(self) -> strawberry.ID | None:
        return self.buyer_variant_id

    @strawberry.field(extensions=[ShownTo("inventory.see_cost", if_own=is_seller)])
    def cost(self) -> Decimal | None:
        return self.cost


@strawberry.type(description="An order. `side` is where the own company stands: seller or buyer.")
class Order:
    id: strawberry.ID
    number: str
    channel: str
    state: str
    payment_status: str
    fulfilment_status: str
    currency: str
    subtotal: Decimal
    discount_total: Decimal
    tax_total: Decimal
    shipping_fee: Decimal
    total: Decimal
    paid_amount: Decimal
    seller: OrderCompany
    buyer_organization: OrderCompany | None
    delivery_address: str
    buyer_note: str
    cancel_reason: str
    placed_at: datetime.datetime | None
    confirmed_at: datetime.datetime | None
    expected_on: datetime.date | None
    version: int
    created_at: datetime.datetime

    @strawberry.field
    def side(self, info: strawberry.Info) -> str:
        return SELLER if is_seller(self, actor_of(info)) else BUYER

    @strawberry.field(extensions=[ShownTo(if_own=is_seller)])
    def seller_note(self) -> str | None:
        return self.seller_note

    @strawberry.field(extensions=[ShownTo(if_own=is_seller)])
    def customer_id(self) -> strawberry.ID | None:
        return self.customer_id

    @strawberry.field(extensions=[ShownTo(if_own=is_buyer)])
    def source_label(self) -> str | None:
        return self.source_label

    @strawberry.field(extensions=[ShownTo(if_own=is_buyer)])
    def source_id(self) -> strawberry.ID | None:
        return self.source_id

    @strawberry.field
    def lines(self) -> list[OrderLine]:
        return children(self, "lines")


@strawberry.input
class OrderFilter:
    state: list[str] | None = None
    number: str | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("order.view")])
    def order(self, info: strawberry.Info, id: strawberry.ID) -> Order | None:
        return find_one(selectors.list_orders(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(SORTS), Right("order.view")])
    def orders(
        self,
        info: strawberry.Info,
        side: str | None = None,
        filter: OrderFilter | None = None,
    ) -> Connection[Order]:
        sides = {None: selectors.list_orders, SELLER: selectors.list_sales, BUYER: selectors.list_purchases}
        if side not in sides:
            raise BadInput(_("Possible: %(names)s.") % {"names": f"{SELLER}, {BUYER}"}, field="side")
        return narrow(sides[side](actor_of(info)), filter, FILTERS)
