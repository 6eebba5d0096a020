"""Settings of calendars."""

from django.utils.translation import gettext_lazy as _

from apps.platform.system.settings import ALL_SCOPES, declare_setting

declare_setting(
    "scheduling.notice_minutes",
    30,
    int,
    _("Shortest notice for an appointment"),
    scopes=ALL_SCOPES,
    group=_("Appointments"),
    help=_("Times that begin sooner are not offered."),
    unit=_("minutes"),
    minimum=0,
    maximum=10080,
    order=10,
)
