"""Plates and VINs: how they look, decided without the database."""

import re

from apps.core.text import compact_key
from apps.engines.vehicles.errors import PlateUnreadable, VinUnreadable

# Vietnam: two-digit province, series of one letter and optional digit or second letter, then 4 or 5 digits (Circular
# 79/2024/TT-BCA); diplomatic plates: province, 3 digits country, NG/QT/NN, 2-3 digits; army: two letters, 4 digits.
_CIVIL = re.compile(r"^([1-9]\d)([A-Z]|[A-Z]\d|[A-Z]{2})(\d{4,5})$")
_DIPLOMATIC = re.compile(r"^([1-9]\d)(\d{3})(NG|QT|NN|CV)(\d{2,3})$")
_ARMY = re.compile(r"^([A-Z]{2})(\d{4,5})$")
# India: state, district, series, number (Rule 50 CMVR), and the BH series.
_INDIA = re.compile(r"^([A-Z]{2})(\d{1,2})([A-Z]{0,3})(\d{4})$")
_INDIA_BH = re.compile(r"^(\d{2})(BH)(\d{4})([A-Z]{1,2})$")
_VIN = re.compile(r"^[A-HJ-NPR-Z0-9]{17}$")
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def format_plate(text: str, country: str = "VN") -> str:
    """The plate as it is written on the vehicle (`51g12345` → `51G-123.45`). Raises PlateUnreadable."""
    compact = compact_key(text).upper()
    if country == "IN":
        return _format_india(compact)
    if match := _CIVIL.match(compact):
        province, series, digits = match.groups()
        tail = f"{digits[:3]}.{digits[3:]}" if len(digits) == 5 else digits
        return f"{province}{series}-{tail}"
    if match := _DIPLOMATIC.match(compact):
        return "{}-{}-{}-{}".format(*match.groups())
    if match := _ARMY.match(compact):
        return "{}-{}".format(*match.groups())
    raise PlateUnreadable(field="plate")


def _format_india(compact: str) -> str:
    for pattern in (_INDIA, _INDIA_BH):
        if match := pattern.match(compact):
            return " ".join(group for group in match.groups() if group)
    raise PlateUnreadable(field="plate")


def plate_key(plate: str) -> str:
    """How plates are compared: lower case, letters and digits only."""
    return compact_key(plate)


def clean_vin(text: str) -> str:
    """Upper case without separators; empty stays empty. Raises VinUnreadable."""
    vin = compact_key(text).upper()
    if vin and not _VIN.match(vin):
        raise VinUnreadable(field="vin")
    return vin


def has_valid_check_digit(vin: str) -> bool:
    """ISO 3779 / 49 CFR 565 check digit at position 9. Only North American and Chinese VINs must carry it."""
    value = sum(
        weight * (int(char) if char.isdigit() else _VIN_VALUES[char])
        for char, weight in zip(vin, _VIN_WEIGHTS, strict=True)
    )
    return vin[8] == "0123456789X"[value % 11]
