"""Keys, check digits and search words: pure."""

import re
from collections.abc import Iterable

from django.utils.text import slugify

from apps.core.text import compact_key, search_key, strip_accents
from apps.engines.catalog.errors import BadBarcode

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_OWN_BARCODE = re.compile(r"^[0-9A-Za-z.\-/]{3,32}$")


def part_key(number: str) -> str:
    """`AT-029 N` and `at029n` are one part number: letters and digits only."""
    return compact_key(number)[:60]


def check_barcode(text: str) -> None:
    """Raises BadBarcode for a GTIN (8, 12, 13 or 14 digits) with a wrong check digit, or signs no scanner reads.

    Empty is fine; a company's own codes of other lengths are too. Source of the digit: GS1 General Specifications 7.9.
    """
    if not text:
        return
    if not _OWN_BARCODE.match(text):
        raise BadBarcode
    if text.isdigit() and len(text) in GTIN_LENGTHS and gtin_check_digit(text[:-1]) != int(text[-1]):
        raise BadBarcode


def gtin_check_digit(body: str) -> int:
    """The last digit of the GTIN that starts with `body`."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -weighted % 10


def slug_of(name: str) -> str:
    """`Má phanh trước` → `ma-phanh-truoc`."""
    return slugify(strip_accents(name))[:200] or "san-pham"


def search_words(texts: Iterable[str], numbers: Iterable[str]) -> str:
    """What `search_text` holds: plain words once each, and numbers also in their compact form."""
    words: dict[str, None] = {}
    for text in texts:
        words.update(dict.fromkeys(search_key(text).split()))
    for number in numbers:
        words.update(dict.fromkeys([search_key(number), compact_key(number)]))
    words.pop("", None)
    return " ".join(words)
