"""A company is never left without somebody who can do everything."""

from uuid import UUID

from apps.platform.organizations.errors import LastOwner
from apps.platform.organizations.models import Membership


def check_owner_left(organization_id: UUID) -> None:
    """Raises LastOwner when nobody can do everything in all branches, from now on and without an end in sight."""
    rows = Membership.objects.active().filter(
        organization_id=organization_id, branch__isnull=True, user__is_active=True, active_to__isnull=True
    )
    if not any("*" in permissions for permissions in rows.values_list("role__permissions", flat=True)):
        raise LastOwner
