"""What an event is: a frozen dataclass with plain values, told once in the past tense."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Subclasses set `name` (`estimate.sent`) and add fields of plain values (text, numbers as text, ids, lists of those)."""

    name: ClassVar[str] = ""

    subject_id: UUID
    organization_id: UUID | None
    branch_id: UUID | None = None

    def topics(self) -> list[str]:
        """The live topics whose screens must change (`job-card:<id>`)."""
        return []

    def payload(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which telling of an event this is: the same `uid` means the same happening."""

    uid: UUID
    at: datetime
