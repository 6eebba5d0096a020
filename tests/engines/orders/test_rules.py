"""Choosing warehouses and promising days."""

from decimal import Decimal

import pytest

from apps.core.errors import IllegalMove
from apps.core.ids import uuid7
from apps.core.states import check_covers
from apps.engines.orders.models import Order
from apps.engines.orders.rules import choose_warehouses, lead_days
from apps.engines.orders.states import ORDER, STEPS

A, B = uuid7(), uuid7()
NORTH, SOUTH = uuid7(), uuid7()


def choose(stock):
    free = {place: Decimal(quantity) for place, quantity in stock.items()}
    return choose_warehouses({A: Decimal(2), B: Decimal(2)}, free, [NORTH, SOUTH])


@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        ({(A, NORTH): 2, (B, NORTH): 2, (A, SOUTH): 99}, {A: NORTH, B: NORTH}),
        ({(A, NORTH): 2, (B, NORTH): 2, (A, SOUTH): 3, (B, SOUTH): 3}, {A: SOUTH, B: SOUTH}),
        ({(A, NORTH): 1, (A, SOUTH): 3, (B, NORTH): 5, (B, SOUTH): 1}, {A: SOUTH, B: NORTH}),
        ({}, {A: NORTH, B: NORTH}),
    ],
)
def test_warehouses(stock, expected):
    assert choose(stock) == expected


def test_no_warehouse_no_choice():
    assert choose_warehouses({A: Decimal(1)}, {}, []) == {}


@pytest.mark.parametrize(
    ("attributes", "from_stock", "restocked"),
    [({}, 1, 4), ({"lead_time_days": 7, "delivery_days": 2}, 2, 9), ({"lead_time_days": "soon"}, 1, 4)],
)
def test_days(attributes, from_stock, restocked):
    assert lead_days(attributes, is_in_stock=True) == from_stock
    assert lead_days(attributes, is_in_stock=False) == restocked


def test_the_table_names_known_states_and_sides():
    check_covers(ORDER, Order.State.values)
    assert set(ORDER.sides) == set(STEPS)
    assert set(ORDER.channels) == set(Order.Channel.values)


@pytest.mark.parametrize("channel", Order.Channel.values)
@pytest.mark.parametrize("state", Order.State.values)
@pytest.mark.parametrize("action", STEPS)
def test_every_step_both_ways(channel, state, action):
    order = Order(channel=channel, state=state)
    is_allowed = action in ORDER.channels[channel] and state in STEPS[action].sources

    assert (action in ORDER.allowed(order)) == is_allowed
    if is_allowed:
        assert ORDER.check(order, action).target == STEPS[action].target
    else:
        with pytest.raises(IllegalMove):
            ORDER.check(order, action)
