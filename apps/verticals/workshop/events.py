"""What the workshop tells the world."""

from dataclasses import dataclass
from uuid import UUID

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(Event):
    """The subject is the appointment."""

    def topics(self) -> list[str]:
        return [f"appointment:{self.subject_id}", f"calendar:{self.branch_id}", f"dashboard:{self.organization_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    name = "appointment.booked"


@declare
@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(AppointmentEvent):
    name = "appointment.moved"


@declare
@dataclass(frozen=True, kw_only=True)
class AppointmentStateChanged(AppointmentEvent):
    name = "appointment.state_changed"
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class JobCardEvent(Event):
    """The subject is the job card; `technicians` are the people whose phones must change too."""

    technicians: tuple[UUID, ...] = ()

    def topics(self) -> list[str]:
        personal = [f"tech:{user_id}" for user_id in self.technicians]
        return [
            f"job-card:{self.subject_id}",
            f"board:{self.branch_id}",
            f"dashboard:{self.organization_id}",
            *personal,
        ]


@declare
@dataclass(frozen=True, kw_only=True)
class JobCardMoved(JobCardEvent):
    """The card came into another state."""

    name = "job_card.moved"
    state: str = ""
    old_state: str = ""


@declare
@dataclass(frozen=True, kw_only=True)
class JobCardChanged(JobCardEvent):
    """Something on the card changed, its state not."""

    name = "job_card.changed"
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class EstimateEvent(JobCardEvent):
    """The subject is the job card, so that its events stay in order."""

    estimate_id: UUID

    def topics(self) -> list[str]:
        return [*super().topics(), f"estimate:{self.estimate_id}"]


@declare
@dataclass(frozen=True, kw_only=True)
class EstimateSent(EstimateEvent):
    name = "estimate.sent"


@declare
@dataclass(frozen=True, kw_only=True)
class EstimateAnswered(EstimateEvent):
    name = "estimate.answered"
    approved: int = 0
    declined: int = 0


@declare
@dataclass(frozen=True, kw_only=True)
class TasksAssigned(JobCardEvent):
    name = "job_card.tasks_assigned"


@declare
@dataclass(frozen=True, kw_only=True)
class TaskMoved(JobCardEvent):
    name = "task.moved"
    task_id: UUID | None = None
    state: str = ""


@declare
@dataclass(frozen=True, kw_only=True)
class PartsMissing(JobCardEvent):
    name = "job_card.parts_missing"


@declare
@dataclass(frozen=True, kw_only=True)
class PartsArrived(JobCardEvent):
    """Parts that the card waited for are here and reserved; `is_released` tells whether it goes on now."""

    name = "job_card.parts_arrived"
    is_released: bool = False
