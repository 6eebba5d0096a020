"""What an audit action says to people, registered by the app that does it."""

from typing import Any

TEXTS: dict[str, tuple[Any, str]] = {}


def register(action: str, text: Any, *, icon: str = "circle-dot") -> None:
    """`text` may name keys of the entry's data (`_("Sent to %(name)s")`), or be a function of the data."""
    TEXTS[action] = (text, icon)
