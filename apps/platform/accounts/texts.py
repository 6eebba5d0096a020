"""What the log says about accounts and sessions, and the messages for their safety."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register
from apps.platform.notifications import registry
from apps.platform.notifications.registry import SECURITY, NotificationType

register("user.created", _("Account created"), icon="user")
register("user.logged_in", _("Logged in"), icon="log-in")
register("user.logged_out", _("Logged out"), icon="log-out")
register("user.profile_changed", _("Profile changed"), icon="user")
register("user.password_changed", _("Password changed"), icon="key-round")
register("session.ended", _("Session ended"), icon="log-out")

registry.register(NotificationType(code="user.new_device", category=SECURITY, label=_("Log-in from a new device")))
registry.register(NotificationType(code="user.password_changed", category=SECURITY, label=_("Password changed")))
