"""The words in which other apps speak of stock."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """The document behind a movement or reservation: `orders.order`, its id, its number."""

    type: str
    id: UUID
    label: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One change of on hand. `quantity` is signed; `unit_cost` counts for goods that come in, otherwise the average."""

    variant_id: UUID
    warehouse_id: UUID
    quantity: Decimal
    unit_cost: Decimal | None = None
    dedupe_key: str | None = None


@dataclass(frozen=True, slots=True)
class ReserveLine:
    variant_id: UUID
    warehouse_id: UUID
    quantity: Decimal
    line_id: UUID


@dataclass(frozen=True, slots=True)
class ReserveResult:
    """What one line got. `reservation_id` is None when nothing could be reserved."""

    line_id: UUID
    reserved: Decimal
    missing: Decimal
    reservation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Consumption:
    line_id: UUID
    quantity: Decimal
    dedupe_key: str | None = None


class MoveOptions(TypedDict, total=False):
    """`reason` is for people; a known `dedupe_key` answers with the first movement."""

    reason: str
    dedupe_key: str | None
