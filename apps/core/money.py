"""Money is an exact Decimal beside an ISO 4217 currency code; VND has no fraction. No float, anywhere."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language

EXPONENTS = {"VND": 0, "INR": 2, "USD": 2}
ZERO = Decimal(0)


def exponent(currency: str) -> int:
    """How many decimals amounts in `currency` have (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up to the smallest unit of `currency`."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def calculate_tax(net: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Tax of `rate` percent on the net amount of one line, rounded per line."""
    return quantize(net * rate / Decimal(100), currency)


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def format_money(amount: Decimal | int | None, currency: str = "VND", language: str | None = None) -> str:
    """`1.234.567 ₫` in Vietnamese, `₫1,234,567` in English; empty for None."""
    if amount is None:
        return ""
    return format_currency(Decimal(amount), currency, locale=_locale_of(language)).replace("\xa0", " ")


def format_quantity(value: Decimal | int | None, language: str | None = None) -> str:
    """A quantity without trailing zeros, with the language's separators."""
    if value is None:
        return ""
    return format_decimal(Decimal(value).normalize(), locale=_locale_of(language), format="#,##0.###")


def _locale_of(language: str | None) -> Locale:
    return _locale(language or get_language() or "vi")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
