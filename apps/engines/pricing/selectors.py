"""What does this cost for this buyer, on this day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.errors import NotFound
from apps.engines.catalog.models import TaxClass, Variant
from apps.engines.pricing.errors import TaxRateMissing
from apps.engines.pricing.models import PriceList, PriceListAssignment, TaxRate
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
    sellers = _sellers_of(variants)
    rates = tax_rates_of({variant.product.tax_class_id for variant in variants}, day)
    lists, breaks = _lists_of(sellers, buyer, variants)
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


def _sellers_of(variants: Iterable[Variant]) -> dict[UUID, Organization]:
    """The companies of the variants; read only where they were not read with them."""
    relation = Variant._meta.get_field("organization")
    known = {variant.organization_id: variant.organization for variant in variants if relation.is_cached(variant)}
    unknown = {variant.organization_id for variant in variants} - known.keys()
    return {**known, **Organization.objects.in_bulk(unknown)} if unknown else known


def _lists_of(
    sellers: Iterable[UUID], buyer: Buyer, variants: Iterable[Variant]
) -> tuple[dict[UUID, PriceList], dict[UUID, list[Break]]]:
    """The buyer's list at each seller, and the prices in these lists by variant."""
    whose = Q(pk__in=[])
    if buyer.organization_id:
        whose |= Q(buyer_organization_id=buyer.organization_id)
    if buyer.customer_id:
        whose |= Q(customer_id=buyer.customer_id)
    items = Q(price_list__items__variant__in=[variant.pk for variant in variants])
    rows = (
        PriceListAssignment.objects.filter(whose, seller__in=list(sellers), price_list__is_active=True)
        .annotate(item=FilteredRelation("price_list__items", condition=items))
        .annotate(variant_id=F("item__variant"), from_quantity=F("item__min_quantity"), price=F("item__unit_price"))
        .select_related("price_list")
    )
    breaks: dict[UUID, list[Break]] = defaultdict(list)
    found = list(rows)
    lists = {row.seller_id: row.price_list for row in found}
    for row in found:
        if row.variant_id is not None and lists[row.seller_id] == row.price_list:
            breaks[row.variant_id].append(Break(row.from_quantity, row.price))
    return lists, breaks
