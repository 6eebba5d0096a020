"""Refusals of customers."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput


class CustomerNameMissing(BadInput):
    rule = "customer_name_missing"
    message = _("Please enter the customer's name.")
