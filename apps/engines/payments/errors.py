"""Refusals of payments."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Conflict


class AmountInvalid(BadInput):
    rule = "amount_invalid"
    message = _("Please enter an amount above zero without fractions of the smallest unit.")


class NothingDue(Conflict):
    """The payable is paid already (or not yet payable)."""

    rule = "nothing_due"
    message = _("There is nothing left to pay.")


class PaysTooMuch(BusinessError):
    """More than is due; `details.due` says how much is."""

    rule = "pays_too_much"
    message = _("This is more than is due.")


class TenderedTooLittle(BadInput):
    rule = "tendered_too_little"
    message = _("The cash received is less than the amount.")


class RefundTooHigh(BusinessError):
    rule = "refund_too_high"
    message = _("More than was paid cannot be paid back.")


class NotRefundable(BusinessError):
    rule = "not_refundable"
    message = _("Only a payment that was received can be paid back.")


class ProviderUnavailable(BusinessError):
    """The payment company did not answer; the payment stays pending and is asked about again."""

    status = 503
    rule = "provider_unavailable"
    message = _("The payment company does not answer at the moment. Please try again or pay at the counter.")


class ProviderUnknown(BadInput):
    rule = "provider_unknown"
    message = _("This way of paying is not available.")


class SignatureWrong(BusinessError):
    status = 400
    rule = "signature_wrong"
    message = _("The signature is wrong.")
