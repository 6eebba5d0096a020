"""What this app declares: its settings, and that secrets of settings take part in a change of keys."""

from django.utils.translation import gettext_lazy as _

from apps.platform.system.models import Setting
from apps.platform.system.rotation import register_encrypted
from apps.platform.system.settings import GLOBAL, declare_setting
from apps.platform.system.settings.values import purpose_of

declare_setting("maintenance.is_on", False, bool, _("Maintenance mode"), scopes=GLOBAL)
declare_setting("maintenance.message", "", str, _("Words shown during maintenance"), scopes=GLOBAL)
declare_setting(
    "maintenance.retry_minutes",
    5,
    int,
    _("Minutes after which people should try again"),
    scopes=GLOBAL,
    minimum=1,
    maximum=1440,
)
declare_setting("site.name", "Baylink", str, _("Name of the site"), scopes=GLOBAL, is_public=True)
declare_setting("site.support_phone", "", str, _("Phone of the support"), scopes=GLOBAL, is_public=True)
declare_setting("site.support_email", "", str, _("Email of the support"), scopes=GLOBAL, is_public=True)
declare_setting("jobs.at_once", 2, int, _("Long jobs at once on all workers"), scopes=GLOBAL, minimum=1, maximum=50)
declare_setting(
    "notifications.keep_days",
    90,
    int,
    _("Days that read notifications are kept"),
    scopes=GLOBAL,
    minimum=1,
    maximum=3650,
)
register_encrypted(Setting, "secret", purpose=purpose_of)
