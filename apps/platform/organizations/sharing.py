"""What the branches of a company let each other see, and how far a person therefore reaches.

Members of all branches see everything; a member of one branch sees another branch's rows of a kind only where the
company shares that kind. Sharing is for reading: changes stay with the own branches.
"""

from uuid import UUID

from apps.core.actor import Actor
from apps.platform.organizations.models import Organization

STOCK, PRICES, SALES = "stock", "prices", "sales"
SHARING: dict[str, bool] = {STOCK: True, PRICES: False, SALES: False}


def sharing_of(organization: Organization) -> dict[str, bool]:
    """What the company shares, with the platform's choice where it has made none."""
    chosen = organization.branch_sharing
    return {what: bool(chosen.get(what, default)) for what, default in SHARING.items()}


def branch_reach(actor: Actor, what: str) -> frozenset[UUID] | None:
    """The branches whose rows of the kind `what` the actor may read; None: all of the company."""
    if actor.branch_ids is None or actor.organization_id is None:
        return actor.branch_ids
    organization = Organization.objects.only("branch_sharing").filter(pk=actor.organization_id).first()
    return None if organization is not None and sharing_of(organization)[what] else actor.branch_ids
