"""Decisions and arithmetic of the workshop on plain values."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from apps.core.money import ZERO

if TYPE_CHECKING:
    from apps.verticals.workshop.models import EstimateLine


def calculate_totals(lines: "Iterable[EstimateLine]") -> dict[str, Decimal]:
    """subtotal (before discount), discount_total, tax_total, total of the given lines; they add up exactly."""
    totals = {"subtotal": ZERO, "discount_total": ZERO, "tax_total": ZERO, "total": ZERO}
    for line in lines:
        totals["subtotal"] += line.net + line.discount
        totals["discount_total"] += line.discount
        totals["tax_total"] += line.tax
        totals["total"] += line.gross
    return totals


def document_hash(number: int, currency: str, lines: "Iterable[EstimateLine]") -> str:
    """SHA-256 of what the customer sees: any change of a line, a price or their order gives another hash."""
    seen = [
        [
            str(line.pk),
            line.kind,
            line.description,
            *(f"{value.normalize():f}" for value in _amounts(line)),
            line.decision,
        ]
        for line in lines
    ]
    document = json.dumps([number, currency, seen], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()


def consent_holds(approved: "EstimateLine", offered: "EstimateLine") -> bool:
    """Whether a yes to `approved` still covers `offered`: the same thing, not dearer."""
    same_thing = (
        approved.kind,
        approved.operation_id,
        approved.package_id,
        approved.variant_id,
        approved.description,
    ) == (
        offered.kind,
        offered.operation_id,
        offered.package_id,
        offered.variant_id,
        offered.description,
    )
    return same_thing and offered.quantity == approved.quantity and offered.gross <= approved.gross


def _amounts(line: "EstimateLine") -> tuple[Decimal, ...]:
    return line.quantity, line.unit_price, line.discount, line.net, line.tax_rate, line.tax, line.gross
