"""Invoices to a person. The law has them kept as they were written, so that they are told, and not erased."""

from typing import Any

from apps.engines.billing.models import Invoice
from apps.engines.payments.selectors import payments_of
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import describe, register_own_data

_FIELDS = (
    "organization", "number", "state", "payment_status", "billed_name", "billed_phone", "billed_email",
    "billed_address", "billed_tax_code", "currency", "subtotal", "tax_total", "total", "paid_amount", "issued_on",
    "due_on", "notes", "created_at",
)  # fmt: skip


def collect(user: User) -> dict[str, Any] | None:
    """Invoices with their lines and payments."""
    rows = Invoice.objects.filter(customer__user=user).select_related("organization").prefetch_related("lines")
    found = [
        describe(row, *_FIELDS)
        | {
            "lines": [describe(line, "description", "quantity", "unit", "gross") for line in row.lines.all()],
            "payments": [
                describe(one, "number", "method", "amount", "state", "payer_name", "created_at")
                for one in payments_of("invoice", row.pk)
            ],
        }
        for row in rows
    ]
    return {"invoices": found} if found else None


register_own_data("billing", collect)
