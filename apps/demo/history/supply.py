"""Where the goods come from: the distributor buys in, garages order at the distributor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from apps.core.money import total
from apps.demo.history.calendar import next_opening
from apps.demo.history.log import note
from apps.demo.masters.catalogue import Article
from apps.demo.masters.companies import Company, Site
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.services import Source
from apps.engines.orders.models import Order, OrderLine
from apps.engines.pricing.rules import calculate_line
from apps.engines.shipping.models import Shipment, ShipmentLine

if TYPE_CHECKING:
    from apps.demo.history.year import Year

NOTHING = Decimal(0)
ORDER_DAYS = (0, 3)  # Monday, Thursday
MOST_LINES = 24


@dataclass
class Wanted:
    """One line of a purchase; `requirement` is the part of a job card that waits for it."""

    article: Article
    quantity: Decimal
    requirement: object = None


def buy_in(year: "Year", site: Site, article: Article, at: datetime, quantity: Decimal) -> None:
    """A delivery from a manufacturer to one of the distributor's stores."""
    swing = Decimal(year.world.dice.randint(97, 103)) / 100
    cost = (article.variant.cost * swing).quantize(Decimal(1))
    number = year.numbers.yearly(article.variant.organization_id, f"NK-{site.branch.code}", at.date())
    year.stock.move(
        at,
        year.stock.of(article.variant, site),
        quantity,
        kind=StockMovement.Kind.PURCHASE,
        source=number,
        unit_cost=cost,
        by=site.people["warehouse"][0],
    )


def replenish(year: "Year", site: Site) -> Iterator[datetime]:
    """Every first working day of a week the distributor fills up what has run low."""
    day = year.world.first_day
    while day < year.world.today:
        at = year.world.moment(day, 7, 40)
        yield at
        for article in year.masters.shelf.articles:
            level = year.stock.levels.get((article.variant.pk, site.warehouse.pk))
            if level is not None and level.free < level.row.reorder_point:
                buy_in(year, site, article, at, level.row.max_level - level.on_hand)
        day += timedelta(days=7)


def order_regularly(year: "Year", garage: Company, site: Site) -> Iterator[datetime]:
    """A first order fills the shelves; then the store keeper orders twice a week what has fallen below its limit."""
    yield year.world.moment(year.world.first_day - timedelta(days=3), 8, 15)
    _order_what_is_low(year, garage, site)
    day = year.world.first_day
    while day < year.world.today:
        if day.weekday() in ORDER_DAYS and site.opening(day):
            yield year.world.moment(day, 8, 15)
            _order_what_is_low(year, garage, site)
        day += timedelta(days=1)


def _order_what_is_low(year: "Year", garage: Company, site: Site) -> None:
    wanted = _below_limit(year, garage, site)
    for start in range(0, len(wanted), MOST_LINES):
        year.scheduler.begin(purchase(year, garage, site, wanted[start : start + MOST_LINES]))


def _below_limit(year: "Year", garage: Company, site: Site) -> list[Wanted]:
    wanted = []
    for article in year.masters.shelves[garage.slug].articles:
        level = year.stock.of(article.variant, site)
        if level.free + level.coming < level.row.reorder_point:
            wanted.append(Wanted(article, level.row.max_level - level.free - level.coming))
    return wanted


def purchase(
    year: "Year", garage: Company, site: Site, wanted: Sequence[Wanted], *, source: Source | None = None
) -> Iterator[datetime]:
    """One marketplace order from placing to receiving; ends when the goods lie in the garage's store."""
    now = year.now
    seller_site = year.supplier_of(site)
    _make_sure(year, seller_site, wanted, now)
    order, lines = _place(year, garage, site, wanted, source)
    for one in wanted:
        year.stock.of(one.article.variant, site).coming += one.quantity
        year.stock.of(one.article.source.variant, seller_site).promised += one.quantity
    yield now + timedelta(minutes=year.world.dice.randint(12, 50))
    _move(year, order, "order.confirmed", Order.State.CONFIRMED)
    order.confirmed_at = year.now
    yield year.now + timedelta(minutes=year.world.dice.randint(10, 40))
    _move(year, order, "order.start_picking", Order.State.PROCESSING)
    yield year.now + timedelta(minutes=year.world.dice.randint(20, 70))
    _move(year, order, "order.mark_ready", Order.State.READY)
    yield year.now + timedelta(minutes=year.world.dice.randint(5, 30))
    shipment, parcels = _ship(year, order, lines, seller_site)
    arrives = year.now + timedelta(minutes=90) if source else next_opening(site, year.now.date())
    yield arrives + timedelta(minutes=year.world.dice.randint(0, 45))
    _receive(year, order, lines, site)
    _deliver(year, shipment, parcels)
    if year.world.dice.random() < 0.9:
        order.state = Order.State.COMPLETED


def _make_sure(year: "Year", site: Site, wanted: Sequence[Wanted], at: datetime) -> None:
    """What the distributor would run out of has been delivered a few minutes before."""
    for one in wanted:
        level = year.stock.of(one.article.source.variant, site)
        if level.free < one.quantity:
            buy_in(year, site, one.article.source, at, max(level.row.max_level, one.quantity) + level.promised)


def _place(
    year: "Year", garage: Company, site: Site, wanted: Sequence[Wanted], source: Source | None
) -> tuple[Order, list[OrderLine]]:
    world, now = year.world, year.now
    seller, seller_site = year.masters.distributor.organization, year.supplier_of(site)
    order = world.new(
        Order,
        now,
        number=year.numbers.daily(seller.pk, "ORD", now),
        channel=Order.Channel.MARKETPLACE,
        seller=seller,
        seller_branch=seller_site.branch,
        buyer_organization=garage.organization,
        buyer_branch=site.branch,
        placed_by=site.person("store_keeper"),
        state=Order.State.PENDING,
        delivery_address=site.branch.address,
        placed_at=now,
        expected_on=now.date() + timedelta(days=1),
        source_type=source.type if source else "",
        source_id=source.id if source else None,
        source_label=source.label if source else "",
    )
    lines = [_line(year, garage, order, number, one) for number, one in enumerate(wanted, start=1)]
    order.subtotal = total(line.net for line in lines)
    order.tax_total = total(line.tax for line in lines)
    order.total = order.subtotal + order.tax_total
    note(
        world,
        now,
        "order.placed",
        order,
        by=order.placed_by,
        data={"total": str(order.total), "lines": len(lines)},
        is_public=True,
    )
    return order, lines


def _line(year: "Year", garage: Company, order: Order, position: int, one: Wanted) -> OrderLine:
    variant = one.article.source.variant
    unit_price, steps = year.masters.tiers[garage.slug].price(variant, one.quantity)
    rate = year.tax_rate(year.now.date())
    amounts = calculate_line(one.quantity, unit_price, NOTHING, rate, "VND")
    return year.world.new(
        OrderLine,
        year.now,
        order=order,
        position=position,
        variant=variant,
        buyer_variant=one.article.variant,
        warehouse=year.supplier_of_order(order).warehouse,
        sku=variant.sku,
        name=one.article.product.name,
        unit=variant.unit,
        quantity=one.quantity,
        unit_price=unit_price,
        discount=NOTHING,
        net=amounts.net,
        tax_rate=rate,
        tax=amounts.tax,
        gross=amounts.gross,
        price_breakdown=steps,
        source_type="workshop.partrequirement" if one.requirement else "",
        source_id=getattr(one.requirement, "pk", None),
    )


def _move(year: "Year", order: Order, action: str, state: str) -> None:
    order.state = state
    note(year.world, year.now, action, order, by=year.supplier_of_order(order).person("warehouse"), is_public=True)


def _ship(year: "Year", order: Order, lines: Sequence[OrderLine], site: Site) -> tuple[Shipment, list[ShipmentLine]]:
    world, now = year.world, year.now
    shipment = world.new(
        Shipment,
        now,
        organization=order.seller,
        order=order,
        number=year.numbers.daily(order.seller_id, "SHP", now),
        parcels=1 + len(lines) // 8,
        state=Shipment.State.IN_TRANSIT,
        shipped_at=now,
        shipped_by=site.person("warehouse"),
    )
    parcels = []
    for line in lines:
        level = year.stock.of(line.variant, site)
        level.promised -= line.quantity
        line.cost = year.stock.move(
            now,
            level,
            -line.quantity,
            kind=StockMovement.Kind.SALE,
            source=Source("orders.order", order.pk, order.number),
            by=shipment.shipped_by,
        ).quantize(Decimal("0.01"))
        line.shipped = line.quantity
        parcels.append(world.new(ShipmentLine, now, shipment=shipment, order_line=line, quantity=line.quantity))
    order.state, order.fulfilment_status = Order.State.SHIPPED, Order.FulfilmentStatus.SHIPPED
    data = {"shipment": shipment.number, "is_complete": True}
    note(world, now, "order.shipped", order, by=shipment.shipped_by, data=data, is_public=True)
    return shipment, parcels


def _receive(year: "Year", order: Order, lines: Sequence[OrderLine], site: Site) -> None:
    now, keeper = year.now, site.person("store_keeper")
    for line in lines:
        level = year.stock.levels[line.buyer_variant_id, site.warehouse.pk]
        level.coming -= line.quantity
        line.received = line.quantity
        year.stock.move(
            now,
            level,
            line.quantity,
            kind=StockMovement.Kind.PURCHASE,
            source=Source("orders.order", order.pk, order.number),
            unit_cost=round(line.net / line.quantity, 4),
            by=keeper,
        )
    order.state, order.fulfilment_status = Order.State.DELIVERED, Order.FulfilmentStatus.RECEIVED
    data = {"lines": len(lines), "warehouse": site.warehouse.name, "is_complete": True}
    note(year.world, now, "order.received", order, by=keeper, data=data, is_public=True)


def _deliver(year: "Year", shipment: Shipment, parcels: Sequence[ShipmentLine]) -> None:
    for row in parcels:
        row.received = row.quantity
    shipment.state, shipment.delivered_at = Shipment.State.DELIVERED, year.now
