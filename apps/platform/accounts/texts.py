"""What the log says about accounts and sessions."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register

register("user.created", _("Account created"), icon="user")
register("user.logged_in", _("Logged in"), icon="log-in")
register("user.logged_out", _("Logged out"), icon="log-out")
register("user.profile_changed", _("Profile changed"), icon="user")
register("user.password_changed", _("Password changed"), icon="key-round")
register("session.ended", _("Session ended"), icon="log-out")
