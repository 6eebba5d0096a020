"""What other systems may be told of the workshop."""

from django.utils.translation import gettext_lazy as _

from apps.platform.webhooks.registry import offer
from apps.verticals.workshop import events

_APPOINTMENT = [("appointmentId", "subject_id", "the appointment"), ("branchId", "branch_id", "the branch")]
_CARD = [("jobCardId", "subject_id", "the job card"), ("branchId", "branch_id", "the branch")]
_ESTIMATE = [*_CARD, ("estimateId", "estimate_id", "the estimate")]
_STATE = ("state", "state", "where it stands now")
APPOINTMENT, JOB_CARD = "appointment.view", "job_card.view"

offer(events.AppointmentBooked, label=_("Appointment booked"), permission=APPOINTMENT, fields=_APPOINTMENT)
offer(events.AppointmentMoved, label=_("Appointment moved"), permission=APPOINTMENT, fields=_APPOINTMENT)
offer(
    events.AppointmentStateChanged,
    label=_("Appointment went on"),
    permission=APPOINTMENT,
    fields=[*_APPOINTMENT, _STATE],
)
offer(
    events.JobCardMoved,
    label=_("Job card went on"),
    permission=JOB_CARD,
    fields=[*_CARD, _STATE, ("oldState", "old_state", "where it stood before")],
)
offer(events.JobCardChanged, label=_("Job card changed"), permission=JOB_CARD, fields=_CARD)
offer(events.EstimateSent, label=_("Estimate sent"), permission=JOB_CARD, fields=_ESTIMATE)
offer(
    events.EstimateAnswered,
    label=_("Estimate answered"),
    permission=JOB_CARD,
    fields=[*_ESTIMATE, ("approved", "approved", "lines agreed to"), ("declined", "declined", "lines declined")],
)
offer(events.TasksAssigned, label=_("Tasks assigned"), permission=JOB_CARD, fields=_CARD)
offer(
    events.TaskMoved,
    label=_("Task went on"),
    permission=JOB_CARD,
    fields=[*_CARD, ("taskId", "task_id", "the task"), _STATE],
)
offer(events.PartsMissing, label=_("Parts are missing"), permission=JOB_CARD, fields=_CARD)
offer(
    events.PartsArrived,
    label=_("Parts arrived"),
    permission=JOB_CARD,
    fields=[*_CARD, ("isReleased", "is_released", "whether the card goes on now")],
)
