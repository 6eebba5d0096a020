"""Who I am and where, in GraphQL, and the own profile."""

import datetime

import strawberry

from apps.core.graphql.context import actor_of
from apps.core.graphql.rights import AUTHENTICATED, Right
from apps.platform.accounts.services.profile import update_profile
from apps.platform.organizations import selectors


@strawberry.type(description="A company in which one is a member.")
class Company:
    id: strawberry.ID
    name: str
    kinds: list[str]
    currency: str
    timezone: str


@strawberry.type
class Branch:
    id: strawberry.ID
    name: str
    address: str


@strawberry.type(description="`branch` is null for a membership in all branches.")
class Membership:
    title: str
    active_to: datetime.date | None
    organization: Company
    branch: Branch | None

    @strawberry.field
    def role(self) -> str:
        return self.role.code


@strawberry.type(description="The person who asks, and the company, branch and rights with which this call acts.")
class Me:
    id: strawberry.ID
    email: str | None
    phone: str | None
    first_name: str
    last_name: str
    full_name: str
    language: str
    timezone: str

    @strawberry.field
    def memberships(self) -> list[Membership]:
        return selectors.list_memberships(self)

    @strawberry.field
    def organization(self, info: strawberry.Info) -> Company | None:
        return selectors.find_organization(actor_of(info).organization_id)

    @strawberry.field
    def branch(self, info: strawberry.Info) -> Branch | None:
        return selectors.find_branch(actor_of(info).branch_id)

    @strawberry.field
    def permissions(self, info: strawberry.Info) -> list[str]:
        return sorted(actor_of(info).permissions)


@strawberry.input(description="What is left out stays as it is.")
class ProfileInput:
    first_name: str | None = strawberry.UNSET
    last_name: str | None = strawberry.UNSET
    language: str | None = strawberry.UNSET
    timezone: str | None = strawberry.UNSET


@strawberry.type
class Query:
    @strawberry.field(extensions=[Right(AUTHENTICATED)])
    def me(self, info: strawberry.Info) -> Me:
        return info.context.user


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Changes the own profile.", extensions=[Right(AUTHENTICATED)])
    def update_profile(self, info: strawberry.Info, input: ProfileInput) -> Me:
        given = {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}
        return update_profile(actor_of(info), **given)
