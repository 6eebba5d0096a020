"""Conditions and choices that filters of several screens share."""

from typing import Any

from django.db.models import Q

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.engines.orders.models import Order
from apps.verticals.marketplace.portal.glance import GONE
from apps.verticals.marketplace.selectors import list_purchases, list_sales

S = Order.State


def is_overdue(_actor: Actor) -> Q:
    """Expected for a day that is over, and not yet delivered."""
    return Q(expected_on__lt=local_date()) & ~Q(state__in=[state for state in GONE if state != S.SHIPPED])


def list_buyer_choices(actor: Actor) -> list[tuple[Any, str]]:
    """The garages that have ordered here."""
    return _companies(list_sales(actor), "buyer_organization")


def list_seller_choices(actor: Actor) -> list[tuple[Any, str]]:
    """The distributors from which something was ordered."""
    return _companies(list_purchases(actor), "seller")


def _companies(rows: Any, side: str) -> list[tuple[Any, str]]:
    names = rows.order_by(f"{side}__name").values_list(f"{side}_id", f"{side}__name").distinct()
    return [(key, name) for key, name in names if key]
