"""Who can log in to the demo world, and what there is to try."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.demo import fixtures
from apps.demo.masters.companies import ADMINISTRATOR, PASSWORD, ROLES
from apps.platform.accounts.demo import DemoLogin
from apps.platform.organizations.roles import SYSTEM_ROLES

ADDRESSES = {"garage": "/garage/", "distributor": "/distributor/"}
STORY_PLATE_HINT = "51G-246.80"


@cache
def list_logins() -> Sequence[DemoLogin]:
    """One line per person, by company; read from the fixtures, so it needs no database."""
    found = []
    for company in fixtures.read("demo/companies")["companies"]:
        for row in company["staff"]:
            role = SYSTEM_ROLES[ROLES.get(row["role"], row["role"])]
            name = f"{row['last_name']} {row['first_name']}"
            found.append(DemoLogin(company["name"], role.name, name, row["email"], PASSWORD))
    found.append(DemoLogin("Baylink", _("Platform administrator"), "Quản trị Baylink", ADMINISTRATOR, PASSWORD))
    return found


def logins_text() -> str:
    """Addresses, a table of all people, and a story to play."""
    site = settings.SITE_URL.rstrip("/")
    parts = [f"Log-ins (password of all: {PASSWORD}), at {site}/login/"]
    for group, rows in _tables():
        parts += ["", group, *_aligned(rows)]
    return "\n".join([*parts, "", *_story(site), ""])


def _tables() -> list[tuple[str, list[tuple[str, ...]]]]:
    admin: list[tuple[str, ...]] = [("platform admin", "Quản trị Baylink", "", ADMINISTRATOR, "+84900000000")]
    tables: list[tuple[str, list[tuple[str, ...]]]] = []
    for company in fixtures.read("demo/companies")["companies"]:
        rows: list[tuple[str, ...]] = [
            (
                ROLES.get(row["role"], row["role"]).replace("_", " "),
                f"{row['last_name']} {row['first_name']}",
                "+".join(row["branches"]),
                row["email"],
                row["phone"],
            )
            for row in company["staff"]
        ]
        address = f"{settings.SITE_URL.rstrip('/')}{ADDRESSES[company['kind']]}"
        tables.append((f"{company['name']}   {address}", rows))
    tables.append((f"Baylink   {settings.SITE_URL.rstrip('/')}/admin/", admin))
    return tables


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = (15, 22, 10, 32, 14)
    return ["  " + "".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _story(site: str) -> list[str]:
    return [
        "Try the story:",
        f"  1. Book a visit at {site}/g/minh-phat/ (branch Tân Bình, a Toyota Vios, plate {STORY_PLATE_HINT}, your phone number).",
        "  2. As linh.covan: check in, inspect, offer 'Thay má phanh trước' with Bosch front pads for Vios; send the estimate.",
        f"  3. Open the customer's link from {site}/dev/inbox/ and sign. The pads are not in store: order them on the card.",
        "  4. As vy.kinhdoanh: confirm, pick and ship. As hanh.kho: receive. The waiting card goes on by itself.",
        "  5. As tuan.ktv: clock, take the pads, done. As hung.quandoc: check. As trang.thungan: bill and take the money.",
    ]
