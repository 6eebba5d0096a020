"""What other systems may be told of customers."""

from django.utils.translation import gettext_lazy as _

from apps.engines.customers.events import CustomerChanged
from apps.platform.webhooks.registry import offer

offer(
    CustomerChanged,
    label=_("Customer added or changed"),
    permission="customer.view",
    fields=[("customerId", "subject_id", "the customer")],
)
