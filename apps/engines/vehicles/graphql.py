"""Vehicles in GraphQL."""

import datetime
from typing import Any

import strawberry

from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import check_search, find_one, narrow
from apps.core.graphql.rights import Right
from apps.engines.vehicles import selectors

FILTERS = {"status": "status__in", "customer": "customer_id"}
SORTS = {"createdAt": "created_at", "plate": "plate", "year": "year"}


@strawberry.type(description="A customer's vehicle.")
class Vehicle:
    id: strawberry.ID
    plate: str
    vin: str
    year: int | None
    color: str
    odometer_km: int | None
    status: str
    customer_id: strawberry.ID
    version: int
    created_at: datetime.datetime

    @strawberry.field
    def make_name(self) -> str:
        return self.model.make.name

    @strawberry.field
    def model_name(self) -> str:
        return self.model.name

    @strawberry.field
    def customer_name(self) -> str:
        return self.customer.name

    @strawberry.field
    def customer_phone(self) -> str:
        return self.customer.phone


@strawberry.input
class VehicleFilter:
    status: list[str] | None = None
    customer: strawberry.ID | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("vehicle.view")])
    def vehicle(self, info: strawberry.Info, id: strawberry.ID) -> Vehicle | None:
        return find_one(selectors.list_vehicles(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(SORTS), Right("vehicle.view")])
    def vehicles(
        self,
        info: strawberry.Info,
        search: str = "",
        filter: VehicleFilter | None = None,
    ) -> Connection[Vehicle]:
        rows: Any = selectors.list_vehicles(actor_of(info))
        rows = narrow(rows, filter, FILTERS)
        if words := check_search(search):
            rows = selectors.search_vehicles(rows, words)
        return rows
