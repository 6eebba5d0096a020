"""What inventory refuses."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, Conflict


class NotEnoughStock(Conflict):
    """Something asked for is not there; `details.lines` names each short line with what is available."""

    rule = "not_enough_stock"
    message = _("There is not enough stock.")

    def __init__(self, lines: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(details={"lines": [dict(line) for line in lines]})


class ReservationMissing(BusinessError):
    """More was to be taken than is promised to the line."""

    rule = "reservation_missing"
    message = _("This quantity is not reserved.")


class WrongWarehouse(BusinessError):
    """The warehouse and the article belong to different companies, or the warehouse is closed."""

    rule = "wrong_warehouse"
    message = _("This article cannot be kept in this warehouse.")


class NoWarehouse(BusinessError):
    """The branch has no warehouse that takes goods."""

    rule = "no_warehouse"
    message = _("This branch has no warehouse. Please create one first.")


class ReasonMissing(BusinessError):
    rule = "reason_missing"
    message = _("Please give a reason.")

    def __init__(self) -> None:
        super().__init__(field="reason")


class WarehouseCodeTaken(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "warehouse_code_taken"
    message = _("Another warehouse has this code.")

    def __init__(self) -> None:
        super().__init__(field="code")
