"""One's own notifications in GraphQL."""

import datetime

import strawberry

from apps.core.graphql.context import actor_of
from apps.core.graphql.pages import DEFAULT, Page, make_page
from apps.core.graphql.rights import AUTHENTICATED, Right
from apps.platform.notifications import selectors, services


@strawberry.type
class Notification:
    id: strawberry.ID
    type: str
    category: str
    title: str
    body: str
    url: str
    read_at: datetime.datetime | None
    created_at: datetime.datetime


@strawberry.type
class Query:
    @strawberry.field(description="The own ones, newest first.", extensions=[Right(AUTHENTICATED)])
    def notifications(self, info: strawberry.Info, page: int = 1, limit: int = DEFAULT) -> Page[Notification]:
        return make_page(selectors.list_notifications(actor_of(info)), page=page, limit=limit)

    @strawberry.field(extensions=[Right(AUTHENTICATED)])
    def unread_count(self, info: strawberry.Info) -> int:
        return selectors.count_unread(actor_of(info))


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Marks one of the own as read.", extensions=[Right(AUTHENTICATED)])
    def mark_notification_read(self, info: strawberry.Info, id: strawberry.ID) -> Notification:  # noqa: A002
        return services.mark_read(actor_of(info), id)
