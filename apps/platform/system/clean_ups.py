"""What is kept for a time only: apps declare a rule, the nightly clean-up follows it.

    declare_clean_up("notifications", forget_read, keep_days="notifications.keep_days", label=_("Read notifications"))

`forget_read(before=moment)` deletes what is older than the moment and returns how many rows went. `keep_days` is a
declared whole-number setting; 0 days keeps for ever. Rules run again every night, so one that was interrupted goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.core.clock import now
from apps.platform.system.settings import get_setting


@dataclass(frozen=True, slots=True)
class CleanUp:
    name: str
    run: Callable[..., int]
    keep_days: str
    label: Any

    def before(self) -> datetime | None:
        """What is older goes; None keeps everything."""
        days: int = get_setting(self.keep_days)
        return now() - timedelta(days=days) if days > 0 else None


CLEAN_UPS: dict[str, CleanUp] = {}


def declare_clean_up(name: str, run: Callable[..., int], *, keep_days: str, label: Any) -> None:
    """Adds a rule; `run` takes `before`. Declaring a name for another function is a fault."""
    known = CLEAN_UPS.setdefault(name, CleanUp(name, run, keep_days, label))
    if known.run is not run:
        raise ValueError(f"two clean-ups are called {name}")
