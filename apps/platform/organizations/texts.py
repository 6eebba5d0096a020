"""What the log says about companies, branches and members."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register
from apps.platform.notifications import registry
from apps.platform.notifications.models import Channel

register("organization.created", _("Company created"), icon="building-2")
register("organization.changed", _("Company profile changed"), icon="building-2")
register("organization.active", _("Company opened again"), icon="circle-check")
register("organization.suspended", _("Company suspended"), icon="octagon-alert")
register("organization.set_up", _("Company set up"), icon="rocket")
register("branch.added", _("Branch added"), icon="map-pin")
register("branch.changed", _("Branch changed"), icon="map-pin")
register("membership.added", _("%(name)s joined as %(role_name)s"), icon="users")
register("membership.changed", _("%(name)s now works as %(role_name)s"), icon="users")
register("membership.removed", _("%(name)s left"), icon="users")
register("role.created", _("Role made"), icon="shield-check")
register("role.changed", _("Role changed"), icon="shield-check")
register("role.deleted", _("Role deleted"), icon="shield-check")
register("access.given", _("Opened to %(name)s"), icon="key-round")
register("access.ended", _("Closed, as the person no longer works here"), icon="key-round")
register("access.taken", _("Closed to %(name)s"), icon="key-round")
register("invitation.sent", _("%(address)s invited"), icon="mail")
register("invitation.resent", _("%(address)s invited again"), icon="mail")
register("invitation.revoked", _("Invitation of %(address)s revoked"), icon="ban")
register("invitation.accepted", _("%(name)s accepted the invitation"), icon="user-plus")

STAFF_INVITED = registry.register(
    registry.NotificationType(
        code="staff.invited",
        category=registry.SECURITY,
        channels=(Channel.EMAIL, Channel.SMS),
        label=_("Invitation to a company"),
        sample=(
            ("name", "Lan"),
            ("inviter", "Nguyễn Văn An"),
            ("role", "Cố vấn dịch vụ"),
            ("branch", ""),
            ("until", "24/11/2026 09:00"),
        ),
    )
)
STAFF_JOINED = registry.register(
    registry.NotificationType(
        code="staff.joined",
        channels=(Channel.IN_APP,),
        label=_("An invitation was accepted"),
        sample=(("name", "Trần Thị Mai"), ("role", "Cố vấn dịch vụ")),
    )
)
