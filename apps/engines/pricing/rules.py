"""Arithmetic of prices: pure, exact, rounded half up once per line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import calculate_tax, quantize
from apps.engines.pricing.errors import DiscountTooBig

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """Amounts of one line; `gross` is always `net` + `tax`."""

    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """A single price from a quantity on."""

    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Applied:
    """One rule that set the unit price: `list_price`, `price_list_item`, `tier_discount`."""

    rule: str
    name: str
    before: Decimal | None
    after: Decimal

    def as_row(self) -> dict[str, str | None]:
        """Plain values, as stored on document lines."""
        before = None if self.before is None else str(self.before)
        return {"rule": self.rule, "name": self.name, "from": before, "to": str(self.after)}


def calculate_line(quantity: Decimal, unit_price: Decimal, discount: Decimal, tax_rate: Decimal, currency: str) -> Line:
    """Net after `discount` (an amount), tax of `tax_rate` percent on it, and both together, in units of `currency`.

    Raises DiscountTooBig when the discount exceeds the amount.
    """
    net = quantize(quantity * unit_price - discount, currency)
    if net < 0:
        raise DiscountTooBig
    tax = calculate_tax(net, tax_rate, currency)
    return Line(net=net, tax=tax, gross=net + tax)


def choose_unit_price(
    *,
    list_price: Decimal,
    quantity: Decimal,
    list_name: str,
    breaks: Sequence[Break],
    discount_percent: Decimal,
    currency: str,
) -> tuple[Decimal, list[Applied]]:
    """The unit price for this quantity and how it came about.

    A single price of the buyer's list (that of the biggest quantity reached) goes before the list's general discount.
    """
    steps = [Applied("list_price", "", None, list_price)]
    reached = [item for item in breaks if item.min_quantity <= quantity]
    if reached:
        best = max(reached, key=lambda item: item.min_quantity)
        steps.append(Applied("price_list_item", list_name, list_price, best.unit_price))
    elif discount_percent:
        price = quantize(list_price * (HUNDRED - discount_percent) / HUNDRED, currency)
        steps.append(Applied("tier_discount", list_name, list_price, price))
    return steps[-1].after, steps
