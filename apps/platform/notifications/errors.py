"""Refusals of notifications."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, NotAllowed


class NotFailed(BusinessError):
    rule = "delivery_not_failed"
    message = _("Only a message that could not be delivered can be sent again.")


class CannotSwitchOff(BusinessError):
    rule = "cannot_switch_off"
    message = _("Security messages cannot be switched off.")


class UnknownPreference(BadInput):
    message = _("There is no such kind of message on this channel.")


class TextGone(BusinessError):
    rule = "text_gone"
    message = _("The text of a security message is not kept after sending. Have a new one made instead.")


class TelegramAway(BusinessError):
    rule = "telegram_away"
    message = _("Telegram is not set up here.")


class PushAway(BusinessError):
    rule = "push_away"
    message = _("Messages to browsers are not set up here.")


class BadSubscription(BadInput):
    message = _("This is not the address of a known push service.")


class ReceiptForged(NotAllowed):
    rule = "receipt_forged"
    message = _("The signature does not fit.")


class NoAddress(BusinessError):
    rule = "no_own_address"
    message = _("You have no address of your own on this channel.")


class NobodyToWriteTo(BusinessError):
    rule = "nobody_to_write_to"
    message = _("Nobody who agreed and has an address on this channel is there.")
