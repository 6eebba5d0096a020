"""How phone numbers are read by people."""

import phonenumbers


def format_phone(number: str | None, country: str = "VN") -> str:
    """`+84901234567` as people of `country` read it (`0901 234 567`); numbers of other countries keep their code."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return number
    is_home = phonenumbers.country_code_for_region(country) == parsed.country_code
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, kind))
