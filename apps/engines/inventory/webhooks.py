"""What other systems may be told of stock."""

from django.utils.translation import gettext_lazy as _

from apps.engines.inventory.events import StockArrived, StockChanged
from apps.platform.webhooks.registry import offer

_FIELDS = [
    ("warehouseId", "subject_id", "the warehouse"),
    ("branchId", "branch_id", "its branch"),
    ("variantIds", "variant_ids", "the variants"),
]

offer(StockChanged, label=_("Stock changed"), permission="inventory.view", fields=_FIELDS)
offer(StockArrived, label=_("Stock arrived"), permission="inventory.view", fields=_FIELDS)
