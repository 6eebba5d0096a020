"""The raw material under `fixtures/`."""

import json
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings


@cache
def read(name: str) -> Any:
    """The content of `fixtures/<name>.json`; shared, not to be changed."""
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def holidays() -> frozenset[date]:
    """The days on which garages and shops stay closed."""
    rows = read("vn/public_holidays")
    return frozenset(date.fromisoformat(row["date"]) for row in rows if row["kind"] in ("public", "in_lieu"))


@cache
def provinces() -> dict[str, dict[str, Any]]:
    """Provinces by their official code."""
    return {row["code"]: row for row in read("vn/provinces")}


@cache
def wards() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in read("demo/people")["wards"]}


def address_text(address: dict[str, str]) -> str:
    """`188 Trường Chinh, Phường Tân Bình, Thành phố Hồ Chí Minh`."""
    return ", ".join(
        [address["line"], wards()[address["ward"]]["full_name"], provinces()[address["province"]]["full_name"]]
    )
