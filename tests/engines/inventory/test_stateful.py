"""Any sequence of operations keeps the books: they are compared with a plain model after every step."""

from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from apps.core.actor import system_actor
from apps.core.ids import uuid7
from apps.engines.inventory.errors import NotEnoughStock, ReservationMissing
from apps.engines.inventory.models import StockLevel
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import (
    ReserveLine,
    Source,
    consume_reservation,
    move_stock,
    release_reservations,
    reserve_stock,
    return_stock,
)
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory

quantities = st.decimals(min_value="0.001", max_value="20", places=3)
costs = st.decimals(min_value="0", max_value="99999", places=4)
places = st.integers(0, 3)


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        first = WarehouseFactory()
        second = WarehouseFactory(organization=first.organization)
        variants = [VariantFactory(organization=first.organization) for _ in range(2)]
        self.actor = system_actor(first.organization_id)
        self.places = [(variant.pk, warehouse.pk) for variant in variants for warehouse in (first, second)]
        self.source = Source("test.document", uuid7(), "DOC")
        self.on_hand = defaultdict(Decimal)
        self.promised: dict = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def reserved(self, place) -> Decimal:
        return sum((quantity for at, quantity in self.promised.values() if at == place), Decimal(0))

    def move(self, place, quantity, **options):
        variant_id, warehouse_id = self.places[place]
        options = {"kind": "adjustment", "source": self.source} | options
        return move_stock(self.actor, variant_id=variant_id, warehouse_id=warehouse_id, quantity=quantity, **options)

    @rule(place=places, quantity=quantities, cost=costs)
    def buy(self, place, quantity, cost):
        self.move(place, quantity, kind="purchase", unit_cost=cost)
        self.on_hand[place] += quantity

    @rule(place=places, quantity=quantities)
    def take(self, place, quantity):
        if quantity <= self.on_hand[place] - self.reserved(place):
            self.move(place, -quantity)
            self.on_hand[place] -= quantity
        else:
            with pytest.raises(NotEnoughStock):
                self.move(place, -quantity)

    @rule(wanted=st.lists(st.tuples(places, quantities), min_size=1, max_size=4), partial=st.booleans())
    def reserve(self, wanted, partial):
        lines = [ReserveLine(*self.places[place], quantity, uuid7()) for place, quantity in wanted]
        free = {place: self.on_hand[place] - self.reserved(place) for place in range(4)}
        shares = []
        for place, quantity in wanted:
            shares.append(min(quantity, free[place]))
            free[place] -= shares[-1]
        is_short = any(share < quantity for share, (_, quantity) in zip(shares, wanted, strict=True))
        if is_short and not partial:
            with pytest.raises(NotEnoughStock):
                reserve_stock(self.actor, lines, source=self.source)
            return
        results = reserve_stock(self.actor, lines, source=self.source, partial=partial)
        assert [result.reserved for result in results] == shares
        for line, share, (place, _) in zip(lines, shares, wanted, strict=True):
            if share:
                self.promised[line.line_id] = (place, share)

    @precondition(lambda self: self.promised)
    @rule(data=st.data(), quantity=quantities)
    def consume(self, data, quantity):
        line_id = data.draw(st.sampled_from(sorted(self.promised)))
        place, promised = self.promised[line_id]
        arguments = {"line_id": line_id, "quantity": quantity, "kind": "job_card", "source": self.source}
        if quantity > promised:
            with pytest.raises(ReservationMissing):
                consume_reservation(self.actor, **arguments)
            return
        consume_reservation(self.actor, **arguments)
        self.on_hand[place] -= quantity
        self.promised[line_id] = (place, promised - quantity)
        if quantity == promised:
            del self.promised[line_id]

    @precondition(lambda self: self.promised)
    @rule(data=st.data())
    def release(self, data):
        line_id = data.draw(st.sampled_from(sorted(self.promised)))
        _, promised = self.promised.pop(line_id)
        assert release_reservations(self.actor, line_id=line_id) == promised

    @rule(place=places, quantity=quantities)
    def bring_back(self, place, quantity):
        variant_id, warehouse_id = self.places[place]
        return_stock(
            self.actor, variant_id=variant_id, warehouse_id=warehouse_id, quantity=quantity, source=self.source
        )
        self.on_hand[place] += quantity

    @invariant()
    def books_agree(self):
        assert verify_stock(self.actor.organization_id) == []
        levels = {(level.variant_id, level.warehouse_id): level for level in StockLevel.objects.all()}
        for number, place in enumerate(self.places):
            level = levels.get(place)
            on_hand, reserved = (level.on_hand, level.reserved) if level else (Decimal(0), Decimal(0))
            assert (on_hand, reserved) == (self.on_hand[number], self.reserved(number))


@pytest.mark.django_db
def test_books_agree_after_any_operations():
    machine = Books.TestCase
    machine.settings = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    machine("runTest").runTest()
