"""The kinds of messages, declared by the app that sends them when it starts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.models import Channel

SECURITY = "security"
CATEGORIES: dict[str, Any] = {SECURITY: _("Security"), "general": _("General")}
MANDATORY = frozenset({SECURITY})
PROMOTIONS = "promotions"
# Channels that a person opens by linking something of theirs.
LINKED = (Channel.TELEGRAM, Channel.WEB_PUSH)


@dataclass(frozen=True, slots=True)
class NotificationType:
    """`code` (`estimate.sent`) names the folder of the shipped texts; `channels` are those that it uses by itself.

    What stands in the bell also reaches the Telegram chat and the browsers that a person linked. `sample` are the
    values that the text may use, as staff see them in previews; `organization_name`, `organization_phone`, `url` and
    `user_name` are always there.
    """

    code: str
    category: str = "general"
    channels: tuple[str, ...] = (Channel.IN_APP, Channel.EMAIL)
    label: Any = ""
    sample: tuple[tuple[str, Any], ...] = ()

    @property
    def all_channels(self) -> tuple[str, ...]:
        """Its own channels, and those that a person links for what stands in the bell."""
        linked = LINKED if Channel.IN_APP in self.channels else ()
        return (*self.channels, *(channel for channel in linked if channel not in self.channels))

    @property
    def is_mandatory(self) -> bool:
        """Whether nobody can switch it off."""
        return self.category in MANDATORY

    @property
    def is_promotional(self) -> bool:
        """Whether it is an offer: for people who agreed to offers alone."""
        return self.category == PROMOTIONS


TYPES: dict[str, NotificationType] = {}


def register(kind: NotificationType) -> NotificationType:
    """Makes a type known. Raises ValueError for an unknown channel or a second type of the same code."""
    unknown = set(kind.channels) - set(Channel.values)
    if unknown:
        raise ValueError(f"{kind.code} names unknown channels {sorted(unknown)}")
    if TYPES.setdefault(kind.code, kind) != kind:
        raise ValueError(f"two notification types are called {kind.code}")
    CATEGORIES.setdefault(kind.category, kind.category.replace("_", " ").capitalize())
    return kind


def register_category(code: str, label: Any) -> None:
    """Gives a category the name that people see where they switch it on and off."""
    CATEGORIES[code] = label


def get_type(kind: "NotificationType | str") -> NotificationType:
    """The declared type of this code; raises KeyError for one that nobody declared."""
    return TYPES[kind if isinstance(kind, str) else kind.code]


def channels_by_category() -> dict[str, list[str]]:
    """Which channels each category uses at all: the rows and columns of the preferences."""
    found: dict[str, set[str]] = {}
    for kind in TYPES.values():
        found.setdefault(kind.category, set()).update(str(channel) for channel in kind.all_channels)
    return {category: _ordered(channels) for category, channels in sorted(found.items())}


def _ordered(channels: Iterable[str]) -> list[str]:
    wanted = set(channels)
    return [value for value in Channel.values if value in wanted]
