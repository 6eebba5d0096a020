"""Job cards with their estimates, tasks and invoice in GraphQL. Amounts need `job_card.see_money`."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import check_search, find_one, narrow
from apps.core.graphql.rights import Right, ShownTo
from apps.core.graphql.rows import as_peers, batched, children, visible_one
from apps.engines.billing.graphql import Invoice
from apps.engines.billing.selectors import list_invoices
from apps.engines.vehicles.graphql import Vehicle
from apps.engines.vehicles.selectors import list_vehicles
from apps.verticals.workshop import selectors
from apps.verticals.workshop.models import JobTask

MONEY = "job_card.see_money"
FILTERS = {"state": "state__in", "branch": "branch_id", "customer": "customer_id", "vehicle": "vehicle_id"}
SORTS = {"createdAt": "created_at", "promisedAt": "promised_at", "number": "number"}


def _amount() -> Any:
    return strawberry.field(extensions=[ShownTo(MONEY)])


@strawberry.type
class EstimateLine:
    id: strawberry.ID
    position: int
    group: str
    kind: str
    description: str
    severity: str
    minutes: int
    unit: str
    quantity: Decimal
    decision: str
    unit_price: Decimal | None = _amount()
    discount: Decimal | None = _amount()
    net: Decimal | None = _amount()
    tax: Decimal | None = _amount()
    gross: Decimal | None = _amount()


@strawberry.type(description="One version of the estimate of a job card.")
class Estimate:
    id: strawberry.ID
    number: int
    state: str
    currency: str
    note: str
    valid_until: datetime.datetime | None
    sent_at: datetime.datetime | None
    decided_at: datetime.datetime | None
    version: int
    subtotal: Decimal | None = _amount()
    discount_total: Decimal | None = _amount()
    tax_total: Decimal | None = _amount()
    total: Decimal | None = _amount()

    @strawberry.field
    def lines(self) -> list[EstimateLine]:
        return children(self, "lines")


@strawberry.type(description="A piece of work on a job card.")
class Task:
    id: strawberry.ID
    position: int
    description: str
    state: str
    technician_id: strawberry.ID | None
    estimated_minutes: int
    completed_at: datetime.datetime | None
    version: int

    @strawberry.field
    def technician_name(self) -> str:
        return self.technician.full_name if self.technician else ""


@strawberry.type(description="The document of a vehicle's visit.")
class JobCard:
    id: strawberry.ID
    number: str
    state: str
    concern: str
    currency: str
    vehicle_id: strawberry.ID
    customer_id: strawberry.ID
    branch_id: strawberry.ID
    promised_at: datetime.datetime | None
    started_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    delivered_at: datetime.datetime | None
    cancel_reason: str
    version: int
    created_at: datetime.datetime
    subtotal: Decimal | None = _amount()
    discount_total: Decimal | None = _amount()
    tax_total: Decimal | None = _amount()
    total: Decimal | None = _amount()

    @strawberry.field
    def plate(self) -> str:
        return self.vehicle.plate

    @strawberry.field
    def customer_name(self) -> str:
        return self.customer.name

    @strawberry.field
    def branch_name(self) -> str:
        return self.branch.name

    @strawberry.field
    def advisor_name(self) -> str:
        return self.advisor.full_name if self.advisor else ""

    @strawberry.field(extensions=[ShownTo("vehicle.view")])
    def vehicle(self, info: strawberry.Info) -> Vehicle | None:
        return visible_one(self, "vehicle_id", list_vehicles(actor_of(info)))

    @strawberry.field(description="All versions, newest first.")
    def estimates(self) -> list[Estimate]:
        return children(self, "estimates")

    @strawberry.field
    def tasks(self) -> list[Task]:
        return children(self, "tasks", JobTask.objects.select_related("technician").order_by("position"))

    @strawberry.field(description="The living invoice of the visit.", extensions=[ShownTo("invoice.view")])
    def invoice(self, info: strawberry.Info) -> Invoice | None:
        def load(cards: Sequence[Any]) -> Mapping[UUID, Any]:
            rows = list_invoices(actor_of(info)).filter(
                source_type="workshop.jobcard", source_id__in=[card.pk for card in cards]
            )
            return {row.source_id: row for row in as_peers(rows.exclude(state="cancelled"))}

        return batched(self, "invoice", load)


@strawberry.input
class JobCardFilter:
    state: list[str] | None = None
    branch: strawberry.ID | None = None
    customer: strawberry.ID | None = None
    vehicle: strawberry.ID | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("job_card.view")])
    def job_card(self, info: strawberry.Info, id: strawberry.ID) -> JobCard | None:
        return find_one(selectors.list_job_cards(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(SORTS), Right("job_card.view")])
    def job_cards(
        self,
        info: strawberry.Info,
        search: str = "",
        filter: JobCardFilter | None = None,
    ) -> Connection[JobCard]:
        rows = selectors.list_job_cards(actor_of(info))
        rows = narrow(rows, filter, FILTERS)
        if words := check_search(search):
            rows = selectors.search_job_cards(rows, words)
        return rows
