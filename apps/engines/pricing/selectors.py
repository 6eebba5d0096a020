"""What does this cost for this buyer, on this day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.errors import NotFound
from apps.engines.catalog.models import TaxClass, Variant
from apps.engines.pricing.errors import TaxRateMissing
from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem, TaxRate
from apps.engines.pricing.rules import Break, calculate_line, choose_unit_price
from apps.platform.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Price:
    """The answer for one line. `breakdown` names every rule that applied, in plain values to be stored with the line."""

    unit_price: Decimal
    net: Decimal
    tax_rate: Decimal
    tax: Decimal
    gross: Decimal
    currency: str
    breakdown: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Buyer:
    """For whom: a company on the platform, or one of the seller's customers, or nobody in particular."""

    organization_id: UUID | None = None
    customer_id: UUID | None = None


def tax_rate_of(tax_class_id: UUID, on: date) -> Decimal:
    """The rate in percent of the class on that day. Raises TaxRateMissing."""
    return tax_rates_of([tax_class_id], on)[tax_class_id]


def tax_rates_of(tax_class_ids: Iterable[UUID], on: date) -> dict[UUID, Decimal]:
    """The rates of several classes on one day. Raises TaxRateMissing naming the first class without one."""
    wanted = set(tax_class_ids)
    rows = TaxRate.objects.filter(tax_class__in=wanted, period__contains=on).values_list("tax_class", "rate")
    rates: dict[UUID, Decimal] = dict(rows)
    for missing in sorted(wanted - rates.keys()):
        raise TaxRateMissing(details={"tax_class_id": str(missing), "on": on.isoformat()})
    return rates


def calculate_price(
    *,
    variant: Variant,
    quantity: Decimal,
    seller_id: UUID,
    buyer_organization_id: UUID | None = None,
    customer_id: UUID | None = None,
    on: date | None = None,
) -> Price:
    """The price of one line. `on` is the day of the sale, today by default.

    Raises NotFound when the variant is not the seller's, TaxRateMissing.
    """
    if variant.organization_id != seller_id:
        raise NotFound
    return calculate_prices([(variant, quantity)], buyer=Buyer(buyer_organization_id, customer_id), on=on)[0]


def calculate_prices(lines: Sequence[tuple[Variant, Decimal]], *, buyer: Buyer, on: date | None = None) -> list[Price]:
    """The prices of many lines of any sellers, in the order given, with a fixed number of queries."""
    day = on or local_date()
    variants = [variant for variant, _quantity in lines]
    sellers = Organization.objects.in_bulk({variant.organization_id for variant in variants})
    rates = tax_rates_of({variant.product.tax_class_id for variant in variants}, day)
    lists = _lists_of(sellers, buyer)
    breaks = _breaks_of([price_list.pk for price_list in lists.values()], [variant.pk for variant in variants])
    prices = []
    for variant, quantity in lines:
        seller = sellers[variant.organization_id]
        price_list = lists.get(seller.pk)
        unit_price, steps = choose_unit_price(
            list_price=variant.price,
            quantity=quantity,
            list_name=price_list.name if price_list else "",
            breaks=breaks[variant.pk],
            discount_percent=price_list.discount_percent if price_list else Decimal(0),
            currency=seller.currency,
        )
        rate = rates[variant.product.tax_class_id]
        line = calculate_line(quantity, unit_price, Decimal(0), rate, seller.currency)
        rows = [step.as_row() for step in steps]
        prices.append(Price(unit_price, line.net, rate, line.tax, line.gross, seller.currency, rows))
    return prices


def list_price_lists(actor: Actor) -> QuerySet[PriceList]:
    """The company's own price lists."""
    return PriceList.objects.visible_to(actor).prefetch_related("assignments__buyer_organization")


def list_tax_classes(country: str = "VN") -> QuerySet[TaxClass]:
    return TaxClass.objects.filter(country=country)


def _lists_of(sellers: Iterable[UUID], buyer: Buyer) -> dict[UUID, PriceList]:
    whose = Q(pk__in=[])
    if buyer.organization_id:
        whose |= Q(buyer_organization_id=buyer.organization_id)
    if buyer.customer_id:
        whose |= Q(customer_id=buyer.customer_id)
    rows = PriceListAssignment.objects.filter(
        whose, seller__in=list(sellers), price_list__is_active=True
    ).select_related("price_list")
    return {row.seller_id: row.price_list for row in rows}


def _breaks_of(list_ids: Sequence[UUID], variant_ids: Sequence[UUID]) -> dict[UUID, list[Break]]:
    found: dict[UUID, list[Break]] = defaultdict(list)
    if list_ids:
        for item in PriceListItem.objects.filter(price_list__in=list_ids, variant__in=variant_ids):
            found[item.variant_id].append(Break(item.min_quantity, item.unit_price))
    return found
