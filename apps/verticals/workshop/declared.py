"""Settings of the workshop."""

from django.utils.translation import gettext_lazy as _

from apps.platform.system.settings import ALL_SCOPES, declare_setting

declare_setting(
    "workshop.estimate_days",
    7,
    int,
    _("Days that an estimate is good"),
    scopes=ALL_SCOPES,
    group=_("Workshop"),
    help=_("Afterwards the customer can no longer approve it from the link."),
    unit=_("days"),
    minimum=1,
    maximum=90,
    order=20,
)
