"""For whom a company asks for a second factor: everybody of it, or those in certain roles."""

from collections.abc import Iterable

from apps.platform.accounts.models import User
from apps.platform.organizations.models import Membership
from apps.platform.organizations.selectors import list_memberships


def demands_second_factor(memberships: Iterable[Membership]) -> bool:
    """Whether one of these memberships (with company and role) asks for a second factor."""
    return any(row.organization.requires_second_factor or row.role.requires_second_factor for row in memberships)


def is_demanded_by_company(user: User) -> bool:
    """Whether a company that the person works for today asks for one."""
    return demands_second_factor(list_memberships(user))
