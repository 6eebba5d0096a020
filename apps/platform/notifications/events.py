"""What the notifications tell the live screens."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class NotificationsChanged(Event):
    """The bell of one user (`subject_id`) looks different now."""

    name: ClassVar[str] = "notifications.changed"

    notification_id: UUID | None = None

    def topics(self) -> list[str]:
        return [f"notifications:{self.subject_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class BulkSendMoved(Event):
    """A mass mailing (`subject_id`) was started, paused or ended, or has gone on."""

    name: ClassVar[str] = "bulk_send.moved"

    state: str

    def topics(self) -> list[str]:
        return [f"bulk-send:{self.subject_id}", f"bulk-sends:{self.organization_id}"]
