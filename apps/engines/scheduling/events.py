"""What calendars tell the world."""

from dataclasses import dataclass

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """A reservation of the resource was made, moved or released."""

    name = "calendar.changed"

    def topics(self) -> list[str]:
        return [f"calendar:{self.branch_id}"]
