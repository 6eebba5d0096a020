"""Refusals of billing."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError


class InvoiceFinal(BusinessError):
    rule = "invoice_final"
    message = _("A finalised invoice does not change any more.")


class InvoiceEmpty(BadInput):
    rule = "invoice_empty"
    message = _("An invoice needs at least one line.")


class InvoiceHasMoney(BusinessError):
    rule = "invoice_has_money"
    message = _("Money has been received for this invoice; pay it back first.")


class NoAddressToSend(BusinessError):
    rule = "no_address_to_send"
    message = _("The customer has neither email nor phone.")
