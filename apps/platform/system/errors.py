"""Refusals of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError


class JobOver(BusinessError):
    rule = "job_over"
    message = _("This job has ended already.")


class JobNotRepeatable(BusinessError):
    rule = "job_not_repeatable"
    message = _("Only a failed or cancelled job can be tried again.")
