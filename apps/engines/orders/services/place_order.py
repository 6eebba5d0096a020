"""Placing an order: priced anew, reserved at the seller, all in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Unpack
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor, ActorKind
from apps.core.clock import local_date, now
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotFound
from apps.core.ids import uuid7
from apps.engines.catalog.models import Product, Variant
from apps.engines.customers.models import Customer
from apps.engines.inventory.errors import NotEnoughStock
from apps.engines.inventory.models import Warehouse
from apps.engines.inventory.selectors import selling_warehouses
from apps.engines.inventory.services import ReserveLine, lock_available, reserve_stock
from apps.engines.orders.errors import NoSuchSeller, NothingOrdered, NotSold
from apps.engines.orders.events import OrderPlaced
from apps.engines.orders.models import Order, OrderLine
from apps.engines.orders.rules import choose_warehouses, lead_days
from apps.engines.orders.services.inputs import OrderDetails, OrderLineInput
from apps.engines.orders.services.lock_order import publish_order, source_of
from apps.engines.orders.services.totals import set_totals
from apps.engines.orders.states import ORDER
from apps.engines.pricing.services import Buyer, calculate_prices
from apps.platform.audit import services as audit
from apps.platform.organizations.models import Branch, Organization
from apps.platform.system.numbers import next_daily_number

Places = dict[UUID, Warehouse]


@transaction.atomic
def place_order(
    actor: Actor,
    *,
    channel: str,
    seller_id: UUID,
    lines: Sequence[OrderLineInput],
    buyer_branch_id: UUID | None = None,
    customer_id: UUID | None = None,
    **details: Unpack[OrderDetails],
) -> Order:
    """Orders at the seller's price for this buyer, today, and reserves every line at the seller, or does nothing.

    On the marketplace the actor's company buys; in the other channels it sells to `customer_id`. Details:
    `delivery_address`, `note`, `source` (the document that the goods are for). Needs `order.place`.
    Raises NothingOrdered, NoSuchSeller, NotSold, NotEnoughStock (naming each short line), TaxRateMissing.
    """
    seller = _check_parties(actor, channel, seller_id)
    branch = _buyer_branch(actor, buyer_branch_id)
    variants = _sold_variants(seller, lines)
    _check_buyer_variants(actor, lines)
    is_purchase = channel == Order.Channel.MARKETPLACE
    order = Order(
        id=uuid7(),
        channel=channel,
        seller=seller,
        buyer_organization_id=actor.organization_id if is_purchase else None,
        buyer_branch=branch,
        customer=get_visible(Customer.objects.all(), actor, customer_id) if customer_id else None,
        placed_by_id=actor.user_id,
        currency=seller.currency,
        delivery_address=details.get("delivery_address") or (branch.address if branch else ""),
        buyer_note=details.get("note", ""),
        placed_at=now(),
    )
    if source := details.get("source"):
        order.source_type, order.source_id, order.source_label = source.type, source.id, source.label
    rows = _priced_lines(order, lines, variants)
    _reserve(actor, order, rows, variants)
    order.number = next_daily_number(seller.pk, "ORD")
    order.expected_on = _expected_on(variants.values())
    set_totals(order, rows)
    ORDER.move(order, "place")
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(rows)
    audit.record(actor, "order.placed", order, data={"total": str(order.total), "lines": len(rows)}, is_public=True)
    publish_order(actor, OrderPlaced, order)
    return order


def _check_parties(actor: Actor, channel: str, seller_id: UUID) -> Organization:
    if actor.kind is not ActorKind.CUSTOMER or channel != Order.Channel.STORE:
        actor.require("order.place")
    seller = Organization.objects.filter(pk=seller_id, status=Organization.Status.ACTIVE).first()
    if seller is None:
        raise NoSuchSeller
    if channel == Order.Channel.MARKETPLACE:
        if seller.pk == actor.organization_id or Organization.Kind.DISTRIBUTOR not in seller.kinds:
            raise NoSuchSeller
    elif seller.pk != actor.organization_id:
        raise NoSuchSeller
    return seller


def _buyer_branch(actor: Actor, branch_id: UUID | None) -> Branch | None:
    if branch_id is None:
        return None
    branch: Branch = get_visible(Branch.objects.all(), actor, branch_id)
    if not actor.reaches_branch(branch.pk):
        raise NotFound
    return branch


def _sold_variants(seller: Organization, lines: Sequence[OrderLineInput]) -> dict[UUID, Variant]:
    if not lines:
        raise NothingOrdered
    if any(line.quantity <= 0 for line in lines):
        raise BadInput(field="quantity")
    wanted = {line.variant_id for line in lines}
    variants = (
        Variant.objects.filter(
            pk__in=wanted, organization=seller, is_active=True, product__status=Product.Status.ACTIVE
        )
        .select_related("product")
        .in_bulk()
    )
    if missing := wanted - variants.keys():
        raise NotSold(sorted(map(str, missing)))
    return variants


def _check_buyer_variants(actor: Actor, lines: Sequence[OrderLineInput]) -> None:
    own = {line.buyer_variant_id for line in lines if line.buyer_variant_id}
    if Variant.objects.visible_to(actor).filter(pk__in=own).count() != len(own):
        raise BadInput(field="buyer_variant_id")


def _priced_lines(order: Order, lines: Sequence[OrderLineInput], variants: dict[UUID, Variant]) -> list[OrderLine]:
    buyer = Buyer(order.buyer_organization_id, order.customer_id)
    prices = calculate_prices([(variants[line.variant_id], line.quantity) for line in lines], buyer=buyer)
    return [
        OrderLine(
            order=order,
            position=position,
            variant=variants[line.variant_id],
            buyer_variant_id=line.buyer_variant_id,
            sku=variants[line.variant_id].sku,
            name=variants[line.variant_id].product.name,
            unit=variants[line.variant_id].unit,
            quantity=line.quantity,
            unit_price=price.unit_price,
            net=price.net,
            tax_rate=price.tax_rate,
            tax=price.tax,
            gross=price.gross,
            price_breakdown=price.breakdown,
            source_type=line.source_type,
            source_id=line.source_id,
        )
        for position, (line, price) in enumerate(zip(lines, prices, strict=True), start=1)
    ]


def _reserve(actor: Actor, order: Order, rows: Sequence[OrderLine], variants: dict[UUID, Variant]) -> None:
    stocked = [row for row in rows if variants[row.variant_id].is_stocked]
    places = _choose_places(order.seller_id, stocked)
    promises = []
    for row in stocked:
        row.warehouse = places[row.variant_id]
        promises.append(ReserveLine(row.variant_id, row.warehouse.pk, row.quantity, row.pk))
    reserve_stock(actor, promises, source=source_of(order))
    branches = {place.branch_id for place in places.values()}
    order.seller_branch_id = branches.pop() if len(branches) == 1 else None


def _choose_places(seller_id: UUID, rows: Sequence[OrderLine]) -> Places:
    wanted: dict[UUID, Decimal] = defaultdict(Decimal)
    for row in rows:
        wanted[row.variant_id] += row.quantity
    warehouses = {warehouse.pk: warehouse for warehouse in selling_warehouses(seller_id)}
    if rows and not warehouses:
        raise NotEnoughStock([{"variant_id": str(variant), "available": "0"} for variant in wanted])
    free = lock_available(wanted, warehouses)
    chosen = choose_warehouses(wanted, free, list(warehouses))
    return {variant: warehouses[place] for variant, place in chosen.items()}


def _expected_on(variants: Iterable[Variant]) -> date:
    days = max(lead_days(variant.product.attributes, is_in_stock=True) for variant in variants)
    return local_date() + timedelta(days=days)
