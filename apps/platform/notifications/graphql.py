"""One's own notifications in GraphQL."""

import datetime

import strawberry

from apps.core.graphql.connections import Connected, Connection
from apps.core.graphql.context import actor_of
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
    @strawberry.field(
        description="The own ones, newest first.", extensions=[Connected({"createdAt": "pk"}), Right(AUTHENTICATED)]
    )
    def notifications(self, info: strawberry.Info) -> Connection[Notification]:
        return selectors.list_notifications(actor_of(info))

    @strawberry.field(extensions=[Right(AUTHENTICATED)])
    def unread_count(self, info: strawberry.Info) -> int:
        return selectors.count_unread(actor_of(info))


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Marks one of the own as read.", extensions=[Right(AUTHENTICATED)])
    def mark_notification_read(self, info: strawberry.Info, id: strawberry.ID) -> Notification:
        return services.mark_read(actor_of(info), id)
