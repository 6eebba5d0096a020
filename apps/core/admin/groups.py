"""The groups of the staff CMS' sidebar, in order; an admin adds its own place inside the group."""

from typing import Any

from django.utils.translation import gettext_lazy as _

COMPANIES: Any = _("Companies and people")
CUSTOMERS: Any = _("Customers and vehicles")
WORKSHOP: Any = _("Workshop")
GOODS: Any = _("Goods and prices")
STOCK: Any = _("Stock")
ORDERS: Any = _("Orders and shipping")
MONEY: Any = _("Money")
MESSAGES: Any = _("Mail and messages")
SYSTEM: Any = _("System")
