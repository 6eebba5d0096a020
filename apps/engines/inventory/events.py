"""What inventory tells: stock has changed (for live screens), goods have arrived (for those who wait)."""

from dataclasses import dataclass
from typing import ClassVar

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class StockChanged(Event):
    """On hand or reserved of these variants changed in the warehouse `subject_id`."""

    name: ClassVar[str] = "inventory.stock_changed"

    variant_ids: list[str]

    def topics(self) -> list[str]:
        return [f"inventory:{self.branch_id}"] if self.branch_id else []


@declare
@dataclass(frozen=True, kw_only=True)
class StockArrived(Event):
    """More of these variants is available in the warehouse `subject_id`: those who wait may be served."""

    name: ClassVar[str] = "inventory.stock_arrived"

    variant_ids: list[str]


@declare
@dataclass(frozen=True, kw_only=True)
class StockLow(Event):
    """What is free of these variants in the warehouse `subject_id` has fallen to the point at which to order again.

    Told once for a fall: again only after there was clearly more than that.
    """

    name: ClassVar[str] = "inventory.stock_low"

    variant_ids: list[str]

    def topics(self) -> list[str]:
        return [f"inventory:{self.branch_id}"] if self.branch_id else []
