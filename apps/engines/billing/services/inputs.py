"""What callers hand in, and the rows and sums that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.core.errors import BadInput
from apps.core.money import total
from apps.engines.billing.errors import InvoiceEmpty
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.pricing.rules import calculate_line

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineInput:
    """One line to bill; amounts in the invoice's currency, tax rate in percent, `cost` of the whole line."""

    kind: str
    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    discount: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    unit: str = ""
    variant_id: UUID | None = None
    line_id: UUID | None = None


def build_lines(lines: Sequence[InvoiceLineInput], currency: str) -> list[InvoiceLine]:
    """The rows, not yet saved and of no invoice. Raises InvoiceEmpty, BadInput naming the line (from 0) and its field."""
    if not lines:
        raise InvoiceEmpty(field="lines")
    return [_build_line(position, line, currency) for position, line in enumerate(lines)]


def sum_up(rows: Sequence[InvoiceLine]) -> dict[str, Decimal]:
    """The sums of an invoice over its lines."""
    return {
        "subtotal": total(row.net + row.discount for row in rows),
        "discount_total": total(row.discount for row in rows),
        "tax_total": total(row.tax for row in rows),
        "total": total(row.gross for row in rows),
    }


def attach(invoice: Invoice, rows: Sequence[InvoiceLine]) -> None:
    """Saves the rows as the lines of the invoice."""
    for row in rows:
        row.invoice = invoice
    InvoiceLine.objects.bulk_create(rows)


def _build_line(position: int, given: InvoiceLineInput, currency: str) -> InvoiceLine:
    _check_line(position, given)
    amounts = calculate_line(given.quantity, given.unit_price, given.discount, given.tax_rate, currency)
    return InvoiceLine(
        position=position,
        kind=given.kind,
        description=given.description.strip(),
        variant_id=given.variant_id,
        unit=given.unit,
        quantity=given.quantity,
        unit_price=given.unit_price,
        discount=given.discount,
        net=amounts.net,
        tax_rate=given.tax_rate,
        tax=amounts.tax,
        gross=amounts.gross,
        cost=given.cost,
        line_id=given.line_id,
    )


def _check_line(position: int, given: InvoiceLineInput) -> None:
    wrong = {
        "kind": given.kind not in InvoiceLine.Kind.values,
        "description": not given.description.strip(),
        "quantity": given.quantity <= 0,
        "unit_price": given.unit_price < 0,
        "discount": given.discount < 0 or given.discount > given.quantity * given.unit_price,
        "tax_rate": not 0 <= given.tax_rate <= HUNDRED,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise BadInput(field=f"lines.{position}.{field}")
