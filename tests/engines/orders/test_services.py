"""One order from placing to receiving, and what is refused on the way."""

from decimal import Decimal

import pytest

from apps.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, StaleWrite
from apps.core.ids import uuid7
from apps.engines.catalog.models import Variant
from apps.engines.inventory.errors import NotEnoughStock, NoWarehouse
from apps.engines.inventory.models import StockLevel, StockMovement, StockReservation
from apps.engines.inventory.selectors import verify_stock
from apps.engines.inventory.services import Source
from apps.engines.orders.errors import (
    AlreadyShipped,
    NoSuchSeller,
    NothingLeft,
    NothingOrdered,
    NothingToReceive,
    NotSold,
    RaisedQuantity,
    ReasonMissing,
    ReceivedTooMuch,
    UnknownLine,
)
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.registry import SOURCE_LOCKS
from apps.engines.orders.services import (
    OrderLineInput,
    cancel_order,
    complete_order,
    confirm_order,
    mark_ready,
    place_order,
    receive_order,
    start_picking,
)
from apps.engines.shipping.services import ship_order
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from tests.factories.actors import actor_for
from tests.factories.catalog import VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.orders import Market
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.pricing import PriceListAssignmentFactory, PriceListFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def level_of(variant, warehouse) -> StockLevel:
    return StockLevel.objects.get(variant=variant, warehouse=warehouse)


class TestPlacing:
    def test_prices_and_reserves(self, market):
        order = market.place((market.pads, 3), (market.oil, 2))

        assert order.number.startswith("ORD-")
        assert (order.state, order.seller, order.buyer_organization_id) == (
            "pending",
            market.distributor,
            market.garage.pk,
        )
        assert (order.subtotal, order.tax_total, order.total) == (2_350_000, 188_000, 2_538_000)
        first, second = order.lines.order_by("position")
        assert (first.sku, first.net, first.tax, first.gross) == ("AT-029", 2_160_000, 172_800, 2_332_800)
        assert first.price_breakdown == [{"rule": "list_price", "name": "", "from": None, "to": "720000.00"}]
        assert {first.warehouse, second.warehouse} == {market.depot}
        assert order.seller_branch == market.depot.branch
        assert order.delivery_address == market.branch.address
        assert level_of(market.pads, market.depot).reserved == 3
        assert not StockMovement.objects.filter(kind="sale").exists()

    def test_tells_both_sides(self, market):
        order = market.place()

        event = OutboxEvent.objects.get(name="order.placed")
        assert event.topics == [
            f"order:{order.pk}",
            f"orders:{market.distributor.pk}",
            f"orders:{market.garage.pk}",
        ]
        assert AuditLog.objects.get(action="order.placed").entity_id == order.pk

    def test_buyers_price_list_counts(self, market):
        gold = PriceListFactory(organization=market.distributor, name="Vàng", discount_percent=10)
        PriceListAssignmentFactory(price_list=gold, buyer_organization=market.garage)

        line = market.place((market.pads, 1)).lines.get()

        assert (line.unit_price, line.gross) == (648_000, 699_840)
        assert line.price_breakdown[-1]["rule"] == "tier_discount"

    def test_remembers_what_it_is_for(self, market):
        source, need = Source("workshop.jobcard", uuid7(), "JC-1"), uuid7()
        own = VariantFactory(organization=market.garage)
        line = OrderLineInput(market.pads.pk, Decimal(1), own.pk, "workshop.partrequirement", need)

        order = market.place(lines=[line], source=source, note="Gấp")

        assert (order.source_type, order.source_id, order.source_label) == ("workshop.jobcard", source.id, "JC-1")
        assert (order.buyer_note, order.lines.get().source_id, order.lines.get().buyer_variant) == ("Gấp", need, own)

    def test_one_warehouse_for_all_where_possible(self, market):
        second = WarehouseFactory(organization=market.distributor)
        put_stock(market.pads, second, 50)
        put_stock(market.oil, second, 1)

        assert {line.warehouse for line in market.place((market.pads, 5), (market.oil, 5)).lines.all()} == {
            market.depot
        }

    def test_else_each_line_from_the_fullest(self, market):
        second = WarehouseFactory(organization=market.distributor)
        put_stock(market.pads, second, 50)

        order = market.place((market.pads, 20), (market.oil, 5))

        assert {line.sku: line.warehouse for line in order.lines.all()} == {"AT-029": second, "OIL-5W30": market.depot}
        assert order.seller_branch is None

    def test_short_lines_are_named_and_nothing_stays(self, market):
        with pytest.raises(NotEnoughStock) as refusal:
            market.place((market.pads, 11), (market.oil, 5))

        [short] = refusal.value.details["lines"]
        assert (short["variant_id"], short["requested"], short["available"]) == (str(market.pads.pk), "11", "10.000")
        assert not Order.objects.exists()
        assert not StockReservation.objects.exists()
        assert level_of(market.oil, market.depot).reserved == 0
        assert not OutboxEvent.objects.filter(name="order.placed").exists()

    def test_refusals(self, market):
        foreign = VariantFactory()
        stranger = OrganizationFactory(kinds=["garage"])
        for lines, error in (
            ([], NothingOrdered),
            ([OrderLineInput(foreign.pk, Decimal(1))], NotSold),
            ([OrderLineInput(market.pads.pk, Decimal(0))], BadInput),
            ([OrderLineInput(market.pads.pk, Decimal(1), foreign.pk)], BadInput),
        ):
            with pytest.raises(error):
                place_order(market.buyer, channel="marketplace", seller_id=market.distributor.pk, lines=lines)
        for seller in (stranger, market.garage):
            with pytest.raises(NoSuchSeller):
                place_order(
                    market.buyer,
                    channel="marketplace",
                    seller_id=seller.pk,
                    lines=[OrderLineInput(market.pads.pk, Decimal(1))],
                )
        with pytest.raises(NotAllowed):
            place_order(
                actor_for("technician", market.garage),
                channel="marketplace",
                seller_id=market.distributor.pk,
                lines=[OrderLineInput(market.pads.pk, Decimal(1))],
            )

        assert not Order.objects.exists()

    def test_articles_taken_off_are_not_sold(self, market):
        Variant.objects.filter(pk=market.pads.pk).update(is_active=False)

        with pytest.raises(NotSold):
            market.place()


class TestConfirming:
    def test_whole(self, market):
        order = confirm_order(market.seller, market.place())

        assert (order.state, order.total, order.version) == ("confirmed", 2_332_800, 2)
        assert order.confirmed_at is not None

    def test_less_frees_the_difference(self, market):
        order = market.place((market.pads, 3), (market.oil, 2))
        pads, oil = order.lines.order_by("position")

        order = confirm_order(market.seller, order, quantities={pads.pk: Decimal(1), oil.pk: Decimal(0)})

        assert (order.subtotal, order.tax_total, order.total) == (720_000, 57_600, 777_600)
        assert order.lines.get().quantity == 1
        assert level_of(market.pads, market.depot).reserved == 1
        assert level_of(market.oil, market.depot).reserved == 0
        reduced = OutboxEvent.objects.get(name="order.confirmed").payload["reduced"]
        assert [(row["sku"], Decimal(row["from"]), Decimal(row["to"])) for row in reduced] == [
            ("AT-029", 3, 1),
            ("OIL-5W30", 2, 0),
        ]

    def test_refusals_change_nothing(self, market):
        order = market.place()
        line = order.lines.get()
        for options, error in (
            ({"quantities": {line.pk: Decimal(4)}}, RaisedQuantity),
            ({"quantities": {line.pk: Decimal(-1)}}, RaisedQuantity),
            ({"quantities": {line.pk: Decimal(0)}}, NothingLeft),
            ({"quantities": {uuid7(): Decimal(1)}}, UnknownLine),
            ({"version": 9}, StaleWrite),
        ):
            with pytest.raises(error):
                confirm_order(market.seller, order, **options)
        with pytest.raises(NotAllowed):
            confirm_order(market.buyer, order)
        with pytest.raises(NotFound):
            confirm_order(actor_for("owner"), order)

        order.refresh_from_db()
        assert (order.state, order.total) == ("pending", 2_332_800)
        assert level_of(market.pads, market.depot).reserved == 3

    def test_only_once(self, market):
        order = confirm_order(market.seller, market.place())

        with pytest.raises(IllegalMove) as refusal:
            confirm_order(market.seller, order)

        assert refusal.value.details["allowed"] == ["start_picking", "cancel"]


class TestCancelling:
    def test_gives_all_back(self, market):
        order = market.ready((market.pads, 3), (market.oil, 2))

        order = cancel_order(market.seller, order, reason="Hết hàng")

        assert (order.state, order.cancel_reason) == ("cancelled", "Hết hàng")
        assert level_of(market.pads, market.depot).reserved == level_of(market.oil, market.depot).reserved == 0
        assert len(OutboxEvent.objects.get(name="order.cancelled").payload["lines"]) == 2

    def test_buyer_who_may_order_may_take_it_back_until_confirmed(self, market):
        advisor = actor_for("advisor", market.garage)
        assert advisor.can("order.place")
        assert not advisor.can("order.cancel")

        early, late = market.place((market.pads, 1)), market.place((market.pads, 1))
        cancel_order(advisor, early, reason="Khách đổi ý")
        confirm_order(market.seller, late)
        with pytest.raises(NotAllowed):
            cancel_order(advisor, late, reason="Khách đổi ý")

        late.refresh_from_db()
        assert late.state == "confirmed"

    def test_refusals(self, market):
        order = market.ready()
        with pytest.raises(ReasonMissing):
            cancel_order(market.seller, order, reason=" ")
        with pytest.raises(NotFound):
            cancel_order(actor_for("owner"), order, reason="x")
        ship_order(market.seller, order, lines={order.lines.get().pk: Decimal(1)})
        with pytest.raises(AlreadyShipped):
            cancel_order(market.seller, order, reason="x")

        assert level_of(market.pads, market.depot).reserved == 2


class TestReceiving:
    def test_goods_come_in_at_their_net_price(self, market):
        order = market.ready()
        ship_order(market.seller, order)

        order = receive_order(market.buyer, order)

        line = order.lines.get()
        own = line.buyer_variant
        assert (order.state, order.fulfilment_status, line.received) == ("delivered", "received", 3)
        assert (own.organization, own.product.part_key, own.sku) == (market.garage, "at029", "AT-029")
        level = level_of(own, market.store)
        assert (level.on_hand, level.average_cost) == (3, 720_000)
        movement = StockMovement.objects.get(level=level)
        assert (movement.kind, movement.source_label, movement.value) == ("purchase", order.number, 2_160_000)
        assert order.shipments.get().state == "delivered"
        assert verify_stock() == []

    def test_own_article_is_found(self, market):
        own = market.article("at 029", price=900_000, organization=market.garage)
        order = market.ready()
        ship_order(market.seller, order)

        receive_order(market.buyer, order)

        assert order.lines.get().buyer_variant == own
        assert Variant.objects.filter(organization=market.garage).count() == 1

    def test_in_parts(self, market):
        order = market.ready()
        line = order.lines.get()
        ship_order(market.seller, order, lines={line.pk: Decimal(2)})

        order = receive_order(market.buyer, order, lines={line.pk: Decimal(1)})
        assert (order.state, order.lines.get().received) == ("ready", 1)
        order = receive_order(market.buyer, order)
        assert (order.state, order.fulfilment_status, order.lines.get().received) == ("ready", "partial", 2)
        ship_order(market.seller, order)
        order = receive_order(market.buyer, order)
        assert (order.state, order.fulfilment_status) == ("delivered", "received")
        assert complete_order(market.seller, order).state == "completed"

    def test_tells_what_the_lines_were_for(self, market):
        need = uuid7()
        order = market.place(lines=[OrderLineInput(market.pads.pk, Decimal(1), None, "workshop.partrequirement", need)])
        mark_ready(market.seller, start_picking(market.seller, confirm_order(market.seller, order)))
        ship_order(market.seller, order)

        receive_order(market.buyer, order)

        [row] = OutboxEvent.objects.get(name="order.received").payload["lines"]
        assert (row["source_type"], row["source_id"]) == ("workshop.partrequirement", str(need))
        assert (row["warehouse_id"], Decimal(row["quantity"])) == (str(market.store.pk), 1)

    def test_never_more_than_was_shipped(self, market):
        order = market.ready()
        line = order.lines.get()
        with pytest.raises(NothingToReceive):
            receive_order(market.buyer, order)
        ship_order(market.seller, order, lines={line.pk: Decimal(2)})

        with pytest.raises(ReceivedTooMuch) as refusal:
            receive_order(market.buyer, order, lines={line.pk: Decimal(3)})

        assert refusal.value.details["lines"] == [{"line_id": str(line.pk), "requested": "3", "on_the_way": "2.000"}]
        assert not StockLevel.objects.filter(warehouse=market.store).exists()
        assert OrderLine.objects.get().received == 0

    def test_only_the_buyer_and_only_into_a_warehouse(self, market):
        order = market.ready()
        ship_order(market.seller, order)
        with pytest.raises(NotAllowed):
            receive_order(market.seller, order)
        with pytest.raises(NotFound):
            receive_order(actor_for("owner"), order)
        market.store.is_active = False
        market.store.save()
        with pytest.raises(NoWarehouse):
            receive_order(market.buyer, order)

        assert OrderLine.objects.get().received == 0


def test_an_order_exists_for_its_branches_alone(market):
    order = market.place()
    same, other = (
        actor_for("manager", branch=branch) for branch in (market.branch, BranchFactory(organization=market.garage))
    )

    assert list(Order.objects.visible_to(same)) == list(Order.objects.visible_to(market.seller)) == [order]
    assert not Order.objects.visible_to(other).exists()
    assert not Order.objects.visible_to(actor_for("owner")).exists()
    with pytest.raises(NotFound):
        cancel_order(other, order, reason="x")


def test_not_for_a_branch_that_is_closed_to_the_buyer(market):
    elsewhere = actor_for("manager", branch=BranchFactory(organization=market.garage))

    with pytest.raises(NotFound):
        place_order(
            elsewhere,
            channel="marketplace",
            seller_id=market.distributor.pk,
            lines=[OrderLineInput(market.pads.pk, Decimal(1))],
            buyer_branch_id=market.branch.pk,
        )

    assert not Order.objects.exists()


def test_what_lines_are_for_is_locked_before_stock(market, monkeypatch):
    """Documents above lock themselves and then stock; orders keep to the same order of locks."""
    need, seen = uuid7(), []
    monkeypatch.setitem(
        SOURCE_LOCKS, "test.need", lambda ids: seen.append((ids, StockLevel.objects.get(variant=market.pads).reserved))
    )
    lines = [OrderLineInput(market.pads.pk, Decimal(2), None, "test.need", need)]
    first, second = market.place(lines=lines), market.place(lines=lines)

    cancel_order(market.seller, first, reason="Hết hàng")
    confirm_order(market.seller, second, quantities={second.lines.get().pk: Decimal(1)})
    mark_ready(market.seller, start_picking(market.seller, second))
    ship_order(market.seller, second)
    monkeypatch.setitem(
        SOURCE_LOCKS,
        "test.need",
        lambda ids: seen.append((ids, StockLevel.objects.filter(warehouse=market.store).exists())),
    )
    receive_order(market.buyer, second)

    assert seen == [([need], 4), ([need], 2), ([need], False)]
