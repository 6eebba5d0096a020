"""Amounts of lines and of the order. The database checks that they add up."""

from collections.abc import Iterable
from decimal import Decimal

from apps.core.money import quantize, total
from apps.engines.orders.models import Order, OrderLine
from apps.engines.pricing.services import calculate_line

LINE_AMOUNTS = ("discount", "net", "tax", "gross")
TOTALS = ("subtotal", "discount_total", "tax_total", "total")


def set_quantity(line: OrderLine, quantity: Decimal, currency: str) -> None:
    """Another quantity at the same unit price; the discount shrinks in proportion. Not saved."""
    line.discount = quantize(line.discount * quantity / line.quantity, currency)
    line.quantity = quantity
    amounts = calculate_line(quantity, line.unit_price, line.discount, line.tax_rate, currency)
    line.net, line.tax, line.gross = amounts.net, amounts.tax, amounts.gross


def set_totals(order: Order, lines: Iterable[OrderLine]) -> None:
    """The order's totals from its lines. Not saved."""
    lines = list(lines)
    order.discount_total = total(line.discount for line in lines)
    order.subtotal = total(line.net for line in lines) + order.discount_total
    order.tax_total = total(line.tax for line in lines)
    order.total = order.subtotal - order.discount_total + order.tax_total + order.shipping_fee
