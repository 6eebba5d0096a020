"""Refusals of webhooks."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Duplicate


class BadTarget(BadInput):
    """The address cannot be one to which messages are sent."""

    message = _("This address cannot be used.")


class UnknownEvent(BadInput):
    message = _("There is no such event.")


class AlreadyThere(Duplicate):
    message = _("There is already a webhook for this address.")


class TooManyEndpoints(BusinessError):
    rule = "too_many_webhooks"
    message = _("A company can have at most 20 webhooks.")


class SwitchedOff(BusinessError):
    rule = "webhook_off"
    message = _("This webhook is switched off.")


class StillWaiting(BusinessError):
    rule = "delivery_waiting"
    message = _("This message is still waiting to be sent.")
