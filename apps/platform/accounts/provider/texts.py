"""What the log says about programs of partners."""

from django.utils.translation import gettext_lazy as _

from apps.platform.accounts.services.token_families import forget_tokens
from apps.platform.audit.texts import register
from apps.platform.system.clean_ups import declare_clean_up

register("partner_client.registered", _("Partner program registered: %(name)s"), icon="plus")
register("partner_client.changed", _("Partner program changed: %(name)s"), icon="pencil")
register("partner_client.secret_renewed", _("New secret for the partner program %(name)s"), icon="key-round")
register("partner_client.connected", _("Let %(name)s act for them"), icon="link")
register("partner_client.disconnected", _("No longer lets %(name)s act for them"), icon="link")
register(
    "partner_client.token_reused", _("A used token of %(name)s was shown again: its tokens ended"), icon="shield-alert"
)
declare_clean_up("partner_tokens", forget_tokens, keep_days="codes.keep_days", label=_("Ended tokens of partners"))
