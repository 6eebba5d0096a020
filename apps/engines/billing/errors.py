"""Refusals of billing."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError


class InvoiceFinal(BusinessError):
    rule = "invoice_final"
    message = _("A finalised invoice does not change any more.")


class InvoiceEmpty(BadInput):
    rule = "invoice_empty"
    message = _("An invoice needs at least one line.")


class NoAddressToSend(BusinessError):
    rule = "no_address_to_send"
    message = _("The customer has neither email nor phone.")
