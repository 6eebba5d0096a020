"""Amounts and quantities in the staff CMS: with their currency, without idle zeros."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from apps.core.db import money_field, quantity_field
from apps.core.money import format_money, format_quantity

_MONEY, _QUANTITY = money_field(), quantity_field()
DEFAULT_CURRENCY = "VND"
Shown = Callable[[Any], str]


@cache
def amount_column(model: type[models.Model], name: str) -> Shown | None:
    """How the column shows itself when it holds an amount of money or a quantity; None for other columns."""
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    if _is_like(field, _MONEY):
        return _named(field, lambda row, value: format_money(value, currency_of(row)))
    if _is_like(field, _QUANTITY):
        return _named(field, lambda _row, value: format_quantity(value))
    return None


def with_amounts(model: type[models.Model], names: Any) -> list[Any]:
    """The same columns, those with amounts in their readable form."""
    return [(isinstance(name, str) and amount_column(model, name)) or name for name in names]


def currency_of(row: models.Model, depth: int = 2) -> str:
    """The currency of a row or else of what it belongs to, as far as that is read already."""
    own = getattr(row, "currency", None)
    if own:
        return str(own)
    for related in row._state.fields_cache.values() if depth else ():
        if isinstance(related, models.Model):
            found = currency_of(related, depth - 1)
            if found != DEFAULT_CURRENCY:
                return found
    return DEFAULT_CURRENCY


def _is_like(field: Any, model_field: models.DecimalField) -> bool:
    return (
        isinstance(field, models.DecimalField)
        and field.max_digits == model_field.max_digits
        and field.decimal_places == model_field.decimal_places
    )


def _named(field: Any, text: Callable[[Any, Decimal | None], str]) -> Shown:
    def shown(row: Any) -> str:
        return text(row, getattr(row, field.name))

    shown.__name__ = field.name
    shown.short_description = field.verbose_name
    shown.admin_order_field = field.name
    return shown
