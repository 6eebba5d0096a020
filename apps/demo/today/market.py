"""Orders of the garages at the distributor, in every state that has one."""

from datetime import timedelta
from decimal import Decimal

from apps.core.actor import Actor
from apps.demo.history.shop import Shop
from apps.demo.history.year import Year
from apps.demo.today.moments import Span, happening_at
from apps.demo.today.people import staff
from apps.engines.orders.models import Order
from apps.engines.orders.services import (
    OrderLineInput,
    cancel_order,
    confirm_order,
    mark_ready,
    place_order,
    receive_order,
    start_picking,
)
from apps.engines.shipping.services import ship_order

# (branch, how far, when): shares of the last hours.
PLACED = (
    ("TD", "received", 0.0),
    ("CG", "shipped", 0.05),
    ("TB", "ready", 0.2),
    ("CG", "picking", 0.35),
    ("TB", "confirmed", 0.5),
    ("TD", "cancelled", 0.6),
    ("CG", "placed", 0.8),
    ("TB", "placed", 0.92),
)
STEPS = ("placed", "confirmed", "picking", "ready", "shipped", "received")
LINES = 4


def place_orders(year: Year, span: Span) -> list[Order]:
    """Eight orders of filters, oil and pads that the garages run low on."""
    company = year.masters.distributor
    seller = staff(company, company.staff["vy.kinhdoanh"])
    shops = {shop.site.branch.code: shop for shop in year.shops}
    return [_play(year, shops[code], goal, span, share, seller) for code, goal, share in PLACED]


def _play(year: Year, shop: Shop, goal: str, span: Span, share: float, seller: Actor) -> Order:
    keeper = staff(shop.company, shop.site.person("store_keeper"))
    at = span.at(share)
    with happening_at(at):
        order = _place(year, shop, keeper)
    if goal == "cancelled":
        with happening_at(at + timedelta(minutes=15)):
            return cancel_order(keeper, order, reason="Đặt nhầm mã, đã đặt lại đơn khác")
    actions = {
        "confirmed": lambda: confirm_order(seller, order),
        "picking": lambda: start_picking(seller, order),
        "ready": lambda: mark_ready(seller, order),
        "shipped": lambda: ship_order(seller, order, parcels=2),
        "received": lambda: receive_order(keeper, order),
    }
    for number, step in enumerate(STEPS[1 : STEPS.index(goal) + 1], start=1):
        with happening_at(min(at + (span.end - span.start) * 0.06 * number, span.end)):
            actions[step]()
    return order


def _place(year: Year, shop: Shop, keeper: Actor) -> Order:
    articles = sorted(
        shop.shelf.articles, key=lambda one: (year.stock.of(one.variant, shop.site).free, one.variant.sku)
    )
    supplier = year.supplier_of(shop.site)
    chosen = [
        one
        for one in year.world.dice.sample(articles[:40], 20)
        if year.stock.of(one.source.variant, supplier).free >= 10
    ][:LINES]
    return place_order(
        keeper,
        channel=Order.Channel.MARKETPLACE,
        seller_id=year.masters.distributor.organization.pk,
        lines=[
            OrderLineInput(
                variant_id=one.source.variant.pk,
                quantity=Decimal(year.world.dice.choice((2, 4, 6))),
                buyer_variant_id=one.variant.pk,
            )
            for one in chosen
        ],
        buyer_branch_id=shop.site.branch.pk,
        note="Giao trong ngày giúp gara, xe đang chờ." if shop.site.branch.code == "TB" else "",
    )
