"""Phone numbers as people type them, kept as E.164."""

import phonenumbers
from django.utils.translation import gettext as _

from apps.core.errors import BadInput
from apps.core.phones import format_phone

__all__ = ["find_phone", "format_phone", "normalize_phone"]


def normalize_phone(text: str, country: str = "VN") -> str:
    """`0901 234 567`, `+84901234567`, `84-901-234-567` → `+84901234567`.

    Numbers without a country code are read as numbers of `country`. Raises BadInput for anything that is no number in
    its country's plan.
    """
    number = find_phone(text, country)
    if number is None:
        raise BadInput(_("This is not a phone number."), field="phone")
    return number


def find_phone(text: str, country: str = "VN") -> str | None:
    """The same, with None instead of the refusal."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
