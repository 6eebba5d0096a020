"""Price lists: who gets which, and single prices in them. Also the front for the arithmetic that documents share."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import get_visible, lock_visible, translate_violations
from apps.core.errors import BadInput
from apps.engines.catalog.models import Variant
from apps.engines.customers.models import Customer
from apps.engines.pricing.errors import PriceListNameTaken
from apps.engines.pricing.models import PriceList, PriceListAssignment, PriceListItem
from apps.engines.pricing.rules import Line, calculate_line
from apps.engines.pricing.selectors import Buyer, Price, calculate_price, calculate_prices, tax_rate_of, tax_rates_of
from apps.platform.audit import services as audit

__all__ = [
    "Buyer",
    "Line",
    "Price",
    "assign_price_list",
    "calculate_line",
    "calculate_price",
    "calculate_prices",
    "create_price_list",
    "remove_price",
    "set_price",
    "tax_rate_of",
    "tax_rates_of",
    "update_price_list",
]
EDITABLE = ("name", "discount_percent", "is_active")
TAKEN = {"price_list_name_unique": PriceListNameTaken}


@transaction.atomic
def create_price_list(actor: Actor, *, name: str, discount_percent: Decimal = Decimal(0)) -> PriceList:
    """A new price list of the actor's company. Needs `price.edit`; raises PriceListNameTaken, BadInput."""
    actor.require("price.edit")
    _check_percent(discount_percent)
    with translate_violations(TAKEN):
        price_list = PriceList.objects.create(
            organization_id=actor.require_organization(), name=name, discount_percent=discount_percent
        )
    audit.record(actor, "price_list.created", price_list, new={"discount_percent": str(discount_percent)})
    return price_list


@transaction.atomic
def update_price_list(actor: Actor, price_list: PriceList, *, version: int | None = None, **changes: Any) -> PriceList:
    """Changes name, discount_percent, is_active. Needs `price.edit`; raises StaleWrite, PriceListNameTaken."""
    actor.require("price.edit")
    price_list = lock_visible(actor, price_list)
    price_list.check_version(version)
    fields = [name for name in EDITABLE if name in changes and changes[name] != getattr(price_list, name)]
    if "discount_percent" in fields:
        _check_percent(changes["discount_percent"])
    old = {name: str(getattr(price_list, name)) for name in fields}
    for name in fields:
        setattr(price_list, name, changes[name])
    if fields:
        with translate_violations(TAKEN):
            price_list.save_changes(*fields)
        new = {name: str(changes[name]) for name in fields}
        audit.record(actor, "price_list.changed", price_list, old=old, new=new)
    return price_list


@transaction.atomic
def set_price(
    actor: Actor, price_list: PriceList, *, variant_id: UUID, unit_price: Decimal, min_quantity: Decimal = Decimal(1)
) -> PriceListItem:
    """The price of one variant without tax, from `min_quantity` on; replaces the one there. Needs `price.edit`."""
    actor.require("price.edit")
    if unit_price < 0 or min_quantity <= 0:
        raise BadInput(field="unit_price" if unit_price < 0 else "min_quantity")
    price_list = lock_visible(actor, price_list)
    variant = get_visible(Variant.objects.all(), actor, variant_id)
    item, _created = PriceListItem.objects.update_or_create(
        price_list=price_list, variant=variant, min_quantity=min_quantity, defaults={"unit_price": unit_price}
    )
    data = {"sku": variant.sku, "unit_price": str(unit_price), "min_quantity": str(min_quantity)}
    audit.record(actor, "price_list.price_set", price_list, data=data)
    return item


@transaction.atomic
def remove_price(actor: Actor, price_list: PriceList, *, item_id: UUID) -> None:
    """Takes a single price out of the list; a missing one is no error. Needs `price.edit`."""
    actor.require("price.edit")
    price_list = lock_visible(actor, price_list)
    for item in price_list.items.filter(pk=item_id).select_related("variant"):
        audit.record(actor, "price_list.price_removed", price_list, data={"sku": item.variant.sku})
        item.delete()


@transaction.atomic
def assign_price_list(
    actor: Actor,
    price_list: PriceList,
    *,
    buyer_organization_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> PriceListAssignment:
    """The buyer gets this list instead of any other of the same seller. Needs `price.edit`; raises BadInput."""
    actor.require("price.edit")
    if (buyer_organization_id is None) == (customer_id is None):
        raise BadInput(field="buyer_organization_id")
    price_list = lock_visible(actor, price_list)
    if customer_id:
        get_visible(Customer.objects.all(), actor, customer_id)
    buyer: dict[str, Any] = {"buyer_organization_id": buyer_organization_id, "customer_id": customer_id}
    assignment, _created = PriceListAssignment.objects.update_or_create(
        seller_id=price_list.organization_id, **buyer, defaults={"price_list": price_list}
    )
    data = {"buyer_organization_id": str(buyer_organization_id or ""), "customer_id": str(customer_id or "")}
    audit.record(actor, "price_list.assigned", price_list, data=data)
    return assignment


def _check_percent(percent: Decimal) -> None:
    if not 0 <= percent <= 100:
        raise BadInput(field="discount_percent")
