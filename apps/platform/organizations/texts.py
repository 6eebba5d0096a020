"""What the log says about companies, branches and members."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register

register("organization.created", _("Company created"), icon="building-2")
register("organization.changed", _("Company profile changed"), icon="building-2")
register("organization.active", _("Company opened again"), icon="circle-check")
register("organization.suspended", _("Company suspended"), icon="octagon-alert")
register("branch.added", _("Branch added"), icon="map-pin")
register("branch.changed", _("Branch changed"), icon="map-pin")
register("membership.added", _("%(name)s joined as %(role_name)s"), icon="users")
register("membership.changed", _("%(name)s now works as %(role_name)s"), icon="users")
register("membership.removed", _("%(name)s left"), icon="users")
register("role.created", _("Role made"), icon="shield-check")
register("role.changed", _("Role changed"), icon="shield-check")
register("role.deleted", _("Role deleted"), icon="shield-check")
