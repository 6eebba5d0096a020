"""What a buyer says."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from apps.engines.inventory.services import Source


@dataclass(frozen=True, slots=True)
class OrderLineInput:
    """One article of the seller; `buyer_variant_id` is the buyer's own, `source_*` is what the line is for."""

    variant_id: UUID
    quantity: Decimal
    buyer_variant_id: UUID | None = None
    source_type: str = ""
    source_id: UUID | None = None


class OrderDetails(TypedDict, total=False):
    delivery_address: str
    note: str
    source: Source | None
