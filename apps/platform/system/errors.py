"""Refusals of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError


class JobOver(BusinessError):
    rule = "job_over"
    message = _("This job has ended already.")


class FileExpired(BusinessError):
    status = 410
    rule = "file_expired"
    message = _("This file is no longer kept. Please have it made anew.")


class JobNotRepeatable(BusinessError):
    rule = "job_not_repeatable"
    message = _("Only a failed or cancelled job can be tried again.")
