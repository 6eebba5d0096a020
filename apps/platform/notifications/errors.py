"""Refusals of notifications."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError


class NotFailed(BusinessError):
    rule = "delivery_not_failed"
    message = _("Only a message that could not be delivered can be sent again.")


class CannotSwitchOff(BusinessError):
    rule = "cannot_switch_off"
    message = _("Security messages cannot be switched off.")


class UnknownPreference(BadInput):
    message = _("There is no such kind of message on this channel.")
