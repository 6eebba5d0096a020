"""What other systems may be told of the company and its staff."""

from django.utils.translation import gettext_lazy as _

from apps.platform.organizations.events import BranchAdded, BranchChanged, MembershipChanged, OrganizationChanged
from apps.platform.organizations.permissions import SETTINGS_EDIT, STAFF_VIEW
from apps.platform.webhooks.registry import offer

_FIELDS = ("fields", "fields", "names of what changed")

offer(OrganizationChanged, label=_("Company changed"), permission=SETTINGS_EDIT, fields=[_FIELDS])
offer(BranchAdded, label=_("Branch added"), permission=SETTINGS_EDIT, fields=[("branchId", "subject_id", "the branch")])
offer(
    BranchChanged,
    label=_("Branch changed"),
    permission=SETTINGS_EDIT,
    fields=[("branchId", "subject_id", "the branch"), _FIELDS],
)
offer(
    MembershipChanged,
    label=_("Staff changed"),
    permission=STAFF_VIEW,
    fields=[("userId", "subject_id", "the person"), ("role", "role", "code of the role; empty for who left")],
)
