"""Text as people of Vietnam type it: composed accents, searched without them."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_KEY = re.compile(r"[^0-9a-z]")


def clean_text(text: str) -> str:
    """NFC, trimmed, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def strip_accents(text: str) -> str:
    """`Đặng Ô tô` → `Dang O to`."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def search_key(text: str) -> str:
    """What search columns hold: lower case, no accents, single spaces."""
    return _SPACES.sub(" ", strip_accents(text).lower()).strip()


def compact_key(text: str) -> str:
    """Letters and digits only (`51G-123.45` → `51g12345`): for plates, part numbers, barcodes."""
    return _NOT_KEY.sub("", strip_accents(text).lower())
