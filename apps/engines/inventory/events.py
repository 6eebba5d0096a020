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
