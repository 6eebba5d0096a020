"""Companies, branches, memberships and roles for tests."""

import factory
from factory.django import DjangoModelFactory

from apps.platform.organizations.models import Branch, Membership, Organization, Role
from apps.platform.organizations.roles import SYSTEM_ROLES, load_system_roles
from tests.factories.accounts import UserFactory


class OrganizationFactory(DjangoModelFactory[Organization]):
    """A garage; `OrganizationFactory(kinds=["distributor"])` for the rest."""

    class Meta:
        model = Organization

    kinds = factory.LazyFunction(lambda: ["garage"])
    name = factory.Sequence(lambda number: f"Gara {number}")
    code = factory.Sequence(lambda number: f"G{number}")
    slug = factory.Sequence(lambda number: f"gara-{number}")
    phone = "+842873000101"


class BranchFactory(DjangoModelFactory[Branch]):
    class Meta:
        model = Branch

    organization = factory.SubFactory(OrganizationFactory)
    code = factory.Sequence(lambda number: f"B{number}")
    name = factory.Sequence(lambda number: f"Chi nhánh {number}")
    address = "188 Trường Chinh"


def role(code: str) -> Role:
    """The system role; made anew when a test has emptied the tables."""
    found = Role.objects.filter(organization=None, code=code).first()
    if found is None:
        assert code in SYSTEM_ROLES, code
        load_system_roles(Role)
        found = Role.objects.get(organization=None, code=code)
    return found


class MembershipFactory(DjangoModelFactory[Membership]):
    """An owner of a new company by default: `MembershipFactory(role=role("technician"), branch=branch)`."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.LazyAttribute(lambda row: row.branch.organization if row.branch else OrganizationFactory())
    branch = None
    role = factory.LazyFunction(lambda: role("owner"))
