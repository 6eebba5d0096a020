"""The distributor's figures: what waits, what was sold, who buys."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from apps.core.actor import Actor
from apps.engines.inventory.models import StockLevel
from apps.engines.inventory.selectors import list_levels
from apps.engines.orders.models import Order
from apps.engines.pricing.models import PriceListAssignment
from apps.platform.organizations.models import Organization
from apps.verticals.marketplace.selectors import list_sales

S = Order.State
DAYS = 30
NOT_SOLD = (S.CANCELLED, S.DRAFT)
MONEY = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Day:
    """What was ordered on one day: how many orders, and their worth before tax."""

    day: date
    orders: int = 0
    money: Decimal = Decimal(0)


@dataclass(slots=True)
class Waiting:
    """How many orders stand in each state, and since when the oldest one does."""

    counts: dict[str, int] = field(default_factory=dict)
    oldest: dict[str, datetime] = field(default_factory=dict)


def bare_sales(actor: Actor) -> QuerySet[Order]:
    """Sales without what their pages need."""
    return list_sales(actor).select_related(None).prefetch_related(None).order_by()


def count_waiting(actor: Actor) -> Waiting:
    rows = bare_sales(actor).values("state").annotate(count=Count("pk"), oldest=Min("placed_at"))
    found = Waiting()
    for row in rows:
        found.counts[row["state"]], found.oldest[row["state"]] = row["count"], row["oldest"]
    return found


def sales_by_day(actor: Actor, *, days: int = 2 * DAYS) -> list[Day]:
    """The last `days` days up to today, also those without an order."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    rows = (
        bare_sales(actor)
        .exclude(state__in=NOT_SOLD)
        .filter(placed_at__date__gte=first)
        .annotate(day=TruncDate("placed_at"))
        .values("day")
        .annotate(orders=Count("pk"), money=Sum(F("subtotal") - F("discount_total")))
    )
    known = {row["day"]: Day(row["day"], row["orders"], row["money"]) for row in rows}
    every = (first + timedelta(days=number) for number in range(days))
    return [known.get(day) or Day(day) for day in every]


def list_low_levels(actor: Actor) -> QuerySet[StockLevel]:
    """What is at or below the point at which to order again, the scarcest first."""
    rows = list_levels(actor).filter(condition=StockLevel.Condition.SELLABLE, reorder_point__gt=0)
    rows = rows.filter(on_hand__lte=F("reserved") + F("reorder_point"))
    return rows.order_by(F("on_hand") - F("reserved"), "variant__product__name", "pk")


def list_buyers(actor: Actor) -> QuerySet[Organization]:
    """The companies that have ordered here, with `orders`, `open_orders`, `spent` (with tax), `last_order`, `price_list`."""
    sales = bare_sales(actor).filter(buyer_organization=OuterRef("pk"))
    given = PriceListAssignment.objects.filter(seller=actor.organization_id, buyer_organization=OuterRef("pk"))

    def of(rows: Any, what: Any) -> Subquery:
        return Subquery(rows.values("buyer_organization").annotate(found=what).values("found"))

    return Organization.objects.filter(
        pk__in=bare_sales(actor).filter(buyer_organization__isnull=False).values("buyer_organization")
    ).annotate(
        orders=of(sales, Count("pk")),
        open_orders=Coalesce(of(sales.filter(_is_open()), Count("pk")), 0),
        spent=Coalesce(of(sales.exclude(state__in=NOT_SOLD), Sum("total")), Value(Decimal(0)), output_field=MONEY),
        last_order=of(sales, Max("placed_at")),
        price_list=Subquery(given.values("price_list__name")[:1]),
    )


def _is_open() -> Q:
    return Q(state__in=[S.PENDING, S.CONFIRMED, S.PROCESSING, S.READY, S.SHIPPED])
