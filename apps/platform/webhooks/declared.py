"""How long messages are kept, and which columns are encrypted."""

from django.utils.translation import gettext_lazy as _

from apps.platform.system.clean_ups import declare_clean_up
from apps.platform.system.rotation import register_encrypted
from apps.platform.system.settings import GLOBAL, declare_setting
from apps.platform.webhooks.models import WebhookEndpoint
from apps.platform.webhooks.services.endpoints import PURPOSE
from apps.platform.webhooks.services.forget import forget_old_deliveries

declare_setting(
    "webhooks.keep_days",
    30,
    int,
    _("Days for which webhook messages are kept"),
    scopes=GLOBAL,
    minimum=0,
    maximum=36500,
    unit=_("days"),
)
declare_clean_up("webhooks", forget_old_deliveries, keep_days="webhooks.keep_days", label=_("Webhook messages"))
for column in ("secret", "old_secret"):
    register_encrypted(WebhookEndpoint, column, purpose=lambda row: PURPOSE)
