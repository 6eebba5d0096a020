"""Vietnam's banks by their NAPAS number, as transfers by QR code name them."""

import json
from functools import cache

from django.conf import settings


@cache
def list_banks() -> dict[str, str]:
    """BIN → short name, in the order of the names."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "vn" / "banks.json").read_text(encoding="utf-8"))
    return {row["bin"]: row["short_name"] for row in sorted(rows, key=lambda row: str(row["short_name"]).lower())}
