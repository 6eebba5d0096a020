"""Orders of a person as a customer."""

from typing import Any

from apps.engines.orders.models import Order
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import history_of, scrub_rows

_TEXTS = ("delivery_address", "buyer_note", "seller_note", "cancel_reason")
_FIELDS = (
    "seller", "number", "channel", "state", "payment_status", "currency", "total", "delivery_address", "buyer_note",
    "placed_at",
)  # fmt: skip


def collect(user: User) -> dict[str, Any] | None:
    """Orders with their lines."""
    rows = Order.objects.filter(customer__user=user).select_related("seller").prefetch_related("lines")
    found = [
        describe(row, *_FIELDS)
        | {"lines": [describe(line, "sku", "name", "quantity", "unit_price") for line in row.lines.all()]}
        for row in rows
    ]
    return {"orders": found} if found else None


def erase(erasure: Erasure) -> None:
    """Orders stay in the books; where they were brought, and notes that name the person, do not."""
    rows = Order.objects.filter(customer__user=erasure.user)
    history = history_of(Order).filter(id__in=list(rows.values_list("pk", flat=True)))
    for table in (rows, history):
        table.update(delivery_address="")
        scrub_rows(table, _TEXTS, erasure.words)


register_own_data("orders", collect)
register_eraser("orders", erase)
