"""What the marketplace refuses."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, Conflict


class PriceChanged(Conflict):
    """The order would cost another amount than the buyer saw; `details` has `total` and `yours`."""

    rule = "price_changed"
    message = _("Prices have changed since you looked. Please check the new amounts and order again.")

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__(field="total", details=details)


class BasketFull(BusinessError):
    rule = "basket_full"
    message = _("The basket is full. Please order first.")
