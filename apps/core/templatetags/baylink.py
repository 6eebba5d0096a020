"""Filters and tags of every template: money, quantities, dates, icons."""

from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.money import format_money, format_quantity
from apps.core.phones import format_phone
from apps.core.states import StateTable

register = template.Library()


@register.filter
def money(amount: Decimal | int | None, currency: str = "VND") -> str:
    """`{{ invoice.total|money:invoice.currency }}`"""
    return format_money(amount, currency)


@register.filter
def quantity(value: Decimal | int | None) -> str:
    return format_quantity(value)


@register.simple_tag
@cache
def icon(name: str, size: int = 18, css: str = "") -> SafeString:
    """One icon of the sprite; decorative, hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" width="{}" height="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        size,
        size,
        static("baylink/icons.svg"),
        name,
    )


@register.filter
def tone(table: StateTable, state: str) -> str:
    """The colour meaning of a state: `{{ table|tone:card.state }}`."""
    return table.tone(state)


@register.filter
def allows(actor: Any, permission: str) -> bool:
    """`{% if actor|allows:"vehicle.edit" %}`"""
    return bool(actor.can(permission))


@register.filter
def duration(minutes: int | None) -> str:
    """`95` → `1:35`: hours and minutes."""
    hours, rest = divmod(int(minutes or 0), 60)
    return f"{hours}:{rest:02d}"


@register.filter
def phone(number: str) -> str:
    """`+84903123456` → `0903 123 456`"""
    return format_phone(number)
