"""Settings of invoices."""

from django.utils.translation import gettext_lazy as _

from apps.platform.system.settings import COMPANY, declare_setting

declare_setting(
    "billing.due_days",
    7,
    int,
    _("Days until an invoice is due"),
    scopes=COMPANY,
    group=_("Invoices"),
    help=_("Counted from the day of issue, when the invoice says nothing else."),
    unit=_("days"),
    minimum=0,
    maximum=120,
    order=30,
)
