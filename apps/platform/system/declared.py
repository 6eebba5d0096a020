"""What this app declares: its settings, and that secrets of settings take part in a change of keys."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput
from apps.platform.accounts.services.forget import forget_ended_sessions
from apps.platform.audit.retention import LEAST_DAYS, forget_entries
from apps.platform.events.retention import forget_relayed_events
from apps.platform.files.retention import forget_unused_files
from apps.platform.notifications.services.forget import (
    forget_deliveries,
    forget_read_notifications,
    forget_unread_notifications,
)
from apps.platform.system.clean_ups import declare_clean_up
from apps.platform.system.jobs import declare_job
from apps.platform.system.jobs.files import forget_files
from apps.platform.system.models import Setting
from apps.platform.system.rotation import register_encrypted
from apps.platform.system.services import clean_up
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


def _keep(name: str, days: int, label: Any, run: Callable[..., int], *, text: Any, least: int = 1) -> None:
    def check(value: int) -> None:
        if 0 < value < least:
            raise BadInput(_("At least %(n)d days, or 0 for ever.") % {"n": least}, field=f"{name}.keep_days")

    limits: dict[str, Any] = {"minimum": 0, "maximum": 36500, "unit": _("days"), "check": check}
    declare_setting(f"{name}.keep_days", days, int, label, scopes=GLOBAL, **limits)
    declare_clean_up(name, run, keep_days=f"{name}.keep_days", label=text)


_keep(
    "idempotency",
    1,
    _("Days that answers to repeated requests are kept"),
    clean_up.forget_idempotency_keys,
    text=_("Answers to repeated requests"),
)
_keep("jobs", 30, _("Days that ended jobs are kept"), clean_up.forget_jobs, text=_("Ended jobs"))
_keep(
    "notifications",
    90,
    _("Days that read notifications are kept"),
    forget_read_notifications,
    text=_("Read notifications"),
)
_keep(
    "unread_notifications",
    365,
    _("Days that unread notifications are kept"),
    forget_unread_notifications,
    text=_("Unread notifications"),
)
_keep(
    "deliveries",
    365,
    _("Days that sent messages are kept"),
    forget_deliveries,
    text=_("Sent messages"),
)
_keep("outbox", 30, _("Days that relayed events are kept"), forget_relayed_events, text=_("Relayed events"))
_keep(
    "unused_files",
    7,
    _("Days that files are kept which nothing uses"),
    forget_unused_files,
    text=_("Files that nothing uses"),
)
_keep(
    "job_files",
    1,
    _("Days that files made by jobs are kept after they ran out"),
    forget_files,
    text=_("Files made by jobs"),
)
_keep("sessions", 90, _("Days that ended sessions are kept"), forget_ended_sessions, text=_("Ended sessions"))
_keep(
    "browser_sessions",
    1,
    _("Days that sessions of browsers are kept after their end"),
    clean_up.forget_browser_sessions,
    text=_("Sessions of browsers"),
)
_keep("audit", 730, _("Days that the audit log is kept"), forget_entries, text=_("Audit log"), least=LEAST_DAYS)
declare_job(clean_up.JOB, clean_up.run_clean_up, label=_("Clean-up"), button=_("Clean up now"))
register_encrypted(Setting, "secret", purpose=purpose_of)
