"""What a company's data must look like. Each check raises BadInput at its field."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from stdnum import exceptions as stdnum
from stdnum.in_ import gstin
from stdnum.vn import mst

from apps.core.errors import BadInput
from apps.core.text import clean_text, strip_accents
from apps.platform.accounts.phones import normalize_phone
from apps.platform.organizations.banks import list_banks
from apps.platform.organizations.models import Organization

WEEKDAYS = ("0", "1", "2", "3", "4", "5", "6")
_TIME = re.compile(r"([0-9]{1,2})(?::([0-5][0-9]))?")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_ACCOUNT = re.compile(r"[0-9]{6,19}")
_TAX_NUMBERS = {"VN": mst, "IN": gstin}


def clean_tax_code(text: str, country: str = "VN") -> str:
    """The compact tax number; its check digit is checked where the country's rule is known. Empty stays empty."""
    number = clean_text(text)
    rule = _TAX_NUMBERS.get(country)
    if not number or rule is None:
        return number
    try:
        return str(rule.validate(number))
    except stdnum.ValidationError as error:
        raise BadInput(_("This tax code has a typing mistake."), field="tax_code") from error


def clean_color(text: str, _country: str) -> str:
    color = text.strip().lower()
    if not _COLOR.fullmatch(color):
        raise BadInput(_("Give the colour as #rrggbb."), field="brand_color")
    return color


def clean_bank(text: str, _country: str) -> str:
    if text and text not in list_banks():
        raise BadInput(_("This bank is not known."), field="bank_bin")
    return text


def clean_bank_account(text: str, _country: str) -> str:
    account = text.replace(" ", "")
    if account and not _ACCOUNT.fullmatch(account):
        raise BadInput(_("An account number has 6 to 19 digits."), field="bank_account")
    return account


def clean_account_name(text: str, _country: str) -> str:
    """Banks write holders in capitals without accents."""
    return strip_accents(clean_text(text)).upper()


def clean_name(text: str, _country: str) -> str:
    name = clean_text(text)
    if not name:
        raise BadInput(_("Please give a name."), field="name")
    return name


def clean_timezone(text: str, _country: str) -> str:
    if text not in available_timezones():
        raise BadInput(_("This time zone is not known."), field="timezone")
    return text


def clean_language(text: str, _country: str) -> str:
    if text not in ("vi", "en"):
        raise BadInput(_("This language is not known."), field="language")
    return text


def _clean_phone(text: str, country: str) -> str:
    return normalize_phone(text, country) if text.strip() else ""


_CLEANERS: Mapping[str, Callable[[str, str], str]] = {
    "name": clean_name,
    "legal_name": lambda text, _country: clean_text(text),
    "tax_code": clean_tax_code,
    "phone": _clean_phone,
    "email": lambda text, _country: text.strip().lower(),
    "address": lambda text, _country: clean_text(text),
    "language": clean_language,
    "timezone": clean_timezone,
    "brand_color": clean_color,
    "bank_bin": clean_bank,
    "bank_account": clean_bank_account,
    "bank_account_name": clean_account_name,
}
PROFILE_FIELDS = frozenset(_CLEANERS)


def clean_profile(values: Mapping[str, Any], country: str) -> dict[str, str]:
    """The values of a company's profile in their one spelling; unknown names are refused."""
    unknown = set(values) - PROFILE_FIELDS
    if unknown:
        raise BadInput(field=min(unknown))
    return {name: _CLEANERS[name](str(value or ""), country) for name, value in values.items()}


def check_kinds(kinds: list[str]) -> None:
    """Raises BadInput for no kind or an unknown one."""
    if not kinds or set(kinds) - set(Organization.Kind.values):
        raise BadInput(_("Choose at least one kind of company."), field="kinds")


def check_bank_complete(organization: Organization) -> None:
    """A QR code needs bank, account and holder together. Raises BadInput at the first that is missing."""
    parts = ("bank_bin", "bank_account", "bank_account_name")
    missing = [name for name in parts if not getattr(organization, name)]
    if missing and len(missing) < len(parts):
        raise BadInput(_("Bank, account number and holder belong together."), field=missing[0])


def clean_hours(value: Any) -> dict[str, list[list[str]]]:
    """Opening hours by weekday ("0" = Monday): spans of [from, to] as HH:MM, in order and apart; closed days left out.

    Raises BadInput for anything else.
    """
    if not isinstance(value, Mapping):
        raise _wrong_hours()
    found = {}
    for day in sorted(value, key=str):
        if str(day) not in WEEKDAYS:
            raise _wrong_hours()
        spans = _clean_spans(value[day])
        if spans:
            found[str(day)] = spans
    return found


def parse_spans(text: str) -> list[list[str]]:
    """`8:00-12:00, 13h-17h30` as people type it. Raises BadInput."""
    plain = "".join(text.split()).replace("\u2013", "-")
    return _clean_spans([span.split("-") for span in plain.split(",") if span])


def _clean_spans(spans: Any) -> list[list[str]]:
    found: list[list[str]] = []
    if not isinstance(spans, list | tuple):
        raise _wrong_hours()
    for span in spans:
        if not isinstance(span, list | tuple) or len(span) != 2:
            raise _wrong_hours()
        start, end = (_clean_time(part) for part in span)
        if start >= end or (found and found[-1][1] > start):
            raise _wrong_hours()
        found.append([start, end])
    return found


def _clean_time(text: Any) -> str:
    match = _TIME.fullmatch(str(text).strip().replace("h", ":").removesuffix(":"))
    if match is None or int(match[1]) > 23:
        raise _wrong_hours()
    return f"{int(match[1]):02d}:{match[2] or '00'}"


def _wrong_hours() -> BadInput:
    return BadInput(_("Write hours as 08:00-12:00, 13:00-17:30."), field="opening_hours")


def clean_point(name: str, value: Any) -> Decimal | None:
    """A latitude or longitude in degrees with six decimals. Raises BadInput outside the globe."""
    if value in (None, ""):
        return None
    try:
        degrees = Decimal(str(value)).quantize(Decimal("0.000001"))
    except InvalidOperation as error:
        raise BadInput(_("Give degrees such as 10.801234."), field=name) from error
    if abs(degrees) > (90 if name == "latitude" else 180):
        raise BadInput(_("Give degrees such as 10.801234."), field=name)
    return degrees
