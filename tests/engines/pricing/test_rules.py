"""The arithmetic of a line, for any numbers."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engines.pricing.errors import DiscountTooBig
from apps.engines.pricing.rules import Break, calculate_line, choose_unit_price

quantities = st.decimals(min_value="0.001", max_value="9999", places=3)
prices = st.decimals(min_value="0", max_value="999999999", places=2)
rates = st.sampled_from([Decimal(0), Decimal(5), Decimal(8), Decimal(10), Decimal("12.50")])
currencies = st.sampled_from(["VND", "INR", "USD"])


@given(quantities, prices, rates, currencies)
def test_gross_is_net_and_tax(quantity, unit_price, rate, currency):
    line = calculate_line(quantity, unit_price, Decimal(0), rate, currency)

    assert line.gross == line.net + line.tax
    assert line.net >= 0 <= line.tax


@given(quantities, prices, rates)
def test_dong_has_no_fraction(quantity, unit_price, rate):
    line = calculate_line(quantity, unit_price, Decimal(0), rate, "VND")

    assert line.net == line.net.to_integral_value()
    assert line.tax == line.tax.to_integral_value()
    assert line.net == (quantity * unit_price).quantize(Decimal(1), rounding=ROUND_HALF_UP)


@given(quantities, prices, rates, currencies)
def test_rounding_is_off_by_half_a_unit_at_most(quantity, unit_price, rate, currency):
    line = calculate_line(quantity, unit_price, Decimal(0), rate, currency)
    unit = Decimal(1) if currency == "VND" else Decimal("0.01")

    assert abs(line.net - quantity * unit_price) <= unit / 2
    assert abs(line.tax - line.net * rate / 100) <= unit / 2


@pytest.mark.parametrize(
    ("quantity", "unit_price", "discount", "rate", "expected"),
    [
        ("1", "720000", "0", "8", (720_000, 57_600, 777_600)),
        ("0.5", "35", "0", "10", (18, 2, 20)),  # 17.5 → 18, 1.8 → 2
        ("3", "33333", "9999", "10", (90_000, 9_000, 99_000)),
        ("1", "5", "5", "10", (0, 0, 0)),
    ],
)
def test_examples(quantity, unit_price, discount, rate, expected):
    line = calculate_line(Decimal(quantity), Decimal(unit_price), Decimal(discount), Decimal(rate), "VND")

    assert (line.net, line.tax, line.gross) == expected


def test_discount_stays_within_the_amount():
    with pytest.raises(DiscountTooBig):
        calculate_line(Decimal(1), Decimal(100), Decimal(101), Decimal(10), "VND")


def choose(quantity, breaks=(), percent=0):
    return choose_unit_price(
        list_price=Decimal(100_000),
        quantity=Decimal(quantity),
        list_name="Đại lý vàng",
        breaks=[Break(Decimal(first), Decimal(price)) for first, price in breaks],
        discount_percent=Decimal(percent),
        currency="VND",
    )


def test_list_price_without_a_list():
    price, steps = choose(1)

    assert price == 100_000
    assert [step.as_row() for step in steps] == [{"rule": "list_price", "name": "", "from": None, "to": "100000"}]


def test_biggest_quantity_reached_counts():
    breaks = [(1, 95_000), (10, 90_000), (50, 80_000)]

    assert [choose(quantity, breaks)[0] for quantity in (1, 9, 10, 49, 50)] == [95_000, 95_000, 90_000, 90_000, 80_000]


def test_single_price_goes_before_the_discount():
    price, steps = choose(10, [(10, 97_000)], percent=15)

    assert price == 97_000
    assert steps[-1].as_row() == {"rule": "price_list_item", "name": "Đại lý vàng", "from": "100000", "to": "97000"}


def test_discount_below_the_first_break():
    price, steps = choose(9, [(10, 97_000)], percent=15)

    assert (price, steps[-1].rule) == (85_000, "tier_discount")
