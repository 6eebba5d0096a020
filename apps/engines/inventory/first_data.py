"""The first warehouse of a new company."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actor import Actor
from apps.engines.inventory.models import Warehouse
from apps.engines.inventory.services import create_warehouse
from apps.platform.organizations.first_data import FirstChoices, register_first_data
from apps.platform.organizations.models import Branch, Organization


def fill(actor: Actor, branch: Branch, _choices: FirstChoices) -> None:
    """A warehouse at the branch, unless it has one."""
    if Warehouse.objects.filter(branch=branch).exists():
        return
    is_garage = Organization.Kind.GARAGE in branch.organization.kinds
    create_warehouse(
        actor,
        code=f"K-{branch.code}"[:12],
        name=(_("Store of %(branch)s") % {"branch": branch.name})[:120],
        kind=Warehouse.Kind.SERVICE_CENTRE if is_garage else Warehouse.Kind.CENTRAL,
        branch_id=branch.pk,
        address=branch.address,
    )


register_first_data("", fill, name="inventory", label=gettext_lazy("A warehouse at your branch"), order=20)
