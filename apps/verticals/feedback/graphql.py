"""Feedback in GraphQL."""

import datetime

import strawberry

from apps.core.db import get_visible
from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
from apps.core.graphql.finding import find_one, narrow
from apps.core.graphql.rights import Right
from apps.verticals.feedback import selectors, services

SORTS = {"createdAt": "created_at", "rating": "rating", "submittedAt": "submitted_at"}


@strawberry.type(description="A rating of one visit, 1 to 5; null until the customer has given it.")
class Feedback:
    id: strawberry.ID
    source_label: str
    rating: int | None
    comment: str
    state: str
    answer: str
    submitted_at: datetime.datetime | None
    version: int
    created_at: datetime.datetime

    @strawberry.field
    def customer_name(self) -> str:
        return self.customer.name


@strawberry.input
class FeedbackFilter:
    state: list[str] | None = None


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right("feedback.view")])
    def feedback(self, info: strawberry.Info, id: strawberry.ID) -> Feedback | None:
        return find_one(selectors.list_feedback(actor_of(info)), id)

    @strawberry.field(extensions=[Connected(SORTS), Right("feedback.view")])
    def feedbacks(
        self,
        info: strawberry.Info,
        filter: FeedbackFilter | None = None,
    ) -> Connection[Feedback]:
        return narrow(selectors.list_feedback(actor_of(info)), filter, {"state": "state__in"})


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="The garage has read it and may answer. `version` is the one that was read.",
        extensions=[Right("feedback.answer")],
    )
    def acknowledge_feedback(
        self,
        info: strawberry.Info,
        id: strawberry.ID,
        answer: str = "",
        version: int | None = None,
    ) -> Feedback:
        actor = actor_of(info)
        row = get_visible(selectors.list_feedback(actor), actor, id)
        services.acknowledge_feedback(actor, row, answer=answer[:1000], version=version)
        return get_visible(selectors.list_feedback(actor), actor, id)
