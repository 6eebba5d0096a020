"""Inputs of the workshop's services that have more than a few parts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.verticals.workshop.models import EstimateLine, InspectionPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorInput:
    """Who comes and with what, as typed at booking or check-in."""

    name: str
    phone: str
    email: str = ""
    plate: str = ""
    make: str = ""
    model: str = ""
    year: int | None = None
    vin: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInInput:
    """How the vehicle came. `marks`: [{view, x, y, kind, note}] in percent of the drawing; `fuel_percent` 0–100.

    `concern` in the customer's words; empty takes over what was said when booking.
    """

    odometer_km: int
    fuel_percent: int
    odometer_reason: str = ""
    marks: tuple[dict[str, Any], ...] = ()
    belongings: str = ""
    notes: str = ""
    concern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointInput:
    code: str
    rating: InspectionPoint.Rating | str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLineInput:
    """One line of an offer. One of `operation_id`, `package_id`, `variant_id` or, for a fee, none.

    `unit_price` None takes the list price; `discount` is an amount off the line; `carried_from` repeats an approved line.
    """

    kind: EstimateLine.Kind | str
    description: str = ""
    group: str = ""
    operation_id: UUID | None = None
    package_id: UUID | None = None
    variant_id: UUID | None = None
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    discount: Decimal = Decimal(0)
    inspection_point_id: UUID | None = None
    severity: str = ""
    carried_from: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInput:
    """The customer's answer. `decisions`: line id → approved/declined; `reasons`: line id → why declined.

    `document_hash` is that of the estimate as shown to the customer. Signed by drawing (`signature_png`) or by typing the
    name on purpose (`is_typed`).
    """

    decisions: dict[UUID, str]
    name: str
    document_hash: str
    reasons: dict[UUID, str]
    signature_png: bytes | None = None
    is_typed: bool = False
