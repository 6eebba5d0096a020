"""Invoices in GraphQL."""

import datetime
from decimal import Decimal

import strawberry

from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import check_search, find_one, narrow
from apps.core.graphql.rights import Right
from apps.core.graphql.rows import children
from apps.engines.billing import selectors

FILTERS = {"state": "state__in", "customer": "customer_id", "source_id": "source_id"}
SORTS = {
    "createdAt": "created_at",
    "number": "number",
    "issuedOn": "issued_on",
    "dueOn": "due_on",
    "total": "total",
}


@strawberry.type
class InvoiceLine:
    id: strawberry.ID
    position: int
    kind: str
    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    net: Decimal
    tax_rate: Decimal
    tax: Decimal
    gross: Decimal


@strawberry.type(description="`state` is the document's life, `paymentStatus` follows from payments.")
class Invoice:
    id: strawberry.ID
    number: str
    state: str
    payment_status: str
    customer_id: strawberry.ID | None
    branch_id: strawberry.ID | None
    source_type: str
    source_id: strawberry.ID | None
    source_label: str
    billed_name: str
    billed_phone: str
    currency: str
    subtotal: Decimal
    discount_total: Decimal
    tax_total: Decimal
    total: Decimal
    paid_amount: Decimal
    balance: Decimal
    issued_on: datetime.date | None
    due_on: datetime.date | None
    sent_at: datetime.datetime | None
    paid_at: datetime.datetime | None
    version: int
    created_at: datetime.datetime

    @strawberry.field
    def lines(self) -> list[InvoiceLine]:
        return children(self, "lines")


@strawberry.input
class InvoiceFilter:
    state: list[str] | None = None
    customer: strawberry.ID | None = None
    source_id: strawberry.ID | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("invoice.view")])
    def invoice(self, info: strawberry.Info, id: strawberry.ID) -> Invoice | None:
        return find_one(selectors.list_invoices(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(SORTS), Right("invoice.view")])
    def invoices(
        self,
        info: strawberry.Info,
        search: str = "",
        filter: InvoiceFilter | None = None,
    ) -> Connection[Invoice]:
        rows = narrow(selectors.list_invoices(actor_of(info)), filter, FILTERS)
        if words := check_search(search):
            rows = selectors.find_invoices(rows, words)
        return rows
