"""The sections of one's own account, one tab each: apps register theirs."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class AccountTab:
    """`name` is the name of the section's address."""

    label: Any
    name: str
    order: int


TABS: dict[str, AccountTab] = {}


def register_account_tab(*, label: Any, name: str, order: int) -> None:
    """Adds a section to everybody's account."""
    TABS[name] = AccountTab(label, name, order)


def list_account_tabs(active: str) -> list[dict[str, Any]]:
    """The tabs as the page draws them; `active` is the name of the section that is shown."""
    tabs = sorted(TABS.values(), key=lambda tab: tab.order)
    return [{"url": reverse(tab.name), "label": tab.label, "active": tab.name == active} for tab in tabs]
