"""People and browsers for the kits of portal screens."""

from typing import Any

from django.test import Client

from apps.core.actor import Actor
from apps.core.testing.portal import DetailScreenKit, ListScreenKit
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Role
from apps.platform.organizations.services import build_actor
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory


def browser_of(actor: Actor | None = None) -> Client:
    """A browser, logged in as the person of `actor` in the actor's company and branch."""
    client = Client()
    if actor is None:
        return client
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="apps.platform.accounts.backends.EmailOrPhoneBackend"
    )
    session = client.session
    session["organization_id"] = str(actor.organization_id)
    if actor.branch_id:
        session["branch_id"] = str(actor.branch_id)
    session.save()
    return client


def member_with(*rights: str, place: Any = None, branch: Any = None, kinds: Any = ("garage",)) -> Actor:
    """A member of `place` (a new company by default) or of `branch` alone, with just these rights."""
    company = branch.organization if branch else place or OrganizationFactory(kinds=list(kinds))
    role = Role.objects.create(organization=company, code=f"test-{Role.objects.count()}", permissions=list(rights))
    membership = MembershipFactory(organization=company, branch=branch, role=role)
    return build_actor(membership.user, organization_id=company.pk)


class People:
    """What the kits need of the project: members and their browsers."""

    kinds = ("garage",)

    def make_member(self, *rights: str, place: Any = None, branch: Any = None) -> Actor:
        return member_with(*rights, place=place, branch=branch, kinds=self.kinds)

    def make_branch_member(self, *rights: str) -> Actor:
        return member_with(*rights, branch=BranchFactory(organization__kinds=list(self.kinds)))

    def browser(self, actor: Actor | None = None) -> Client:
        return browser_of(actor)


class ListKit(People, ListScreenKit):
    """Inherit from this for a list screen."""


class DetailKit(People, DetailScreenKit):
    """Inherit from this for a detail screen."""
