"""The workshop's state tables: screens, endpoints and documentation are drawn from these."""

from django.utils.translation import gettext_lazy as _

from apps.core.states import StateTable, Step
from apps.verticals.workshop.models import Appointment, Estimate, JobCard, JobTask

A = Appointment.State
APPOINTMENT = StateTable(
    "state",
    A,
    {
        "confirm": Step({A.BOOKED}, A.CONFIRMED, _("Confirm"), permission="appointment.move"),
        "check_in": Step({A.BOOKED, A.CONFIRMED}, A.CHECKED_IN, _("Check in"), permission="job_card.open"),
        "cancel": Step(
            {A.BOOKED, A.CONFIRMED}, A.CANCELLED, _("Cancel"), permission="appointment.cancel", tone="danger"
        ),
        "no_show": Step(
            {A.BOOKED, A.CONFIRMED}, A.NO_SHOW, _("Did not come"), permission="appointment.cancel", tone="ghost"
        ),
    },
    tones={
        A.BOOKED: "attention",
        A.CONFIRMED: "info",
        A.CHECKED_IN: "done",
        A.CANCELLED: "neutral",
        A.NO_SHOW: "danger",
    },
)

S = JobCard.State
BEFORE_WORK = {S.CREATED, S.INSPECTED, S.ESTIMATED, S.WAITING_CUSTOMER_APPROVAL, S.APPROVED, S.ASSIGNED}
AT_WORK = {S.APPROVED, S.ASSIGNED, S.IN_PROGRESS, S.WAITING_PARTS}
JOB_CARD = StateTable(
    "state",
    S,
    {
        "inspect": Step({S.CREATED}, S.INSPECTED, _("Inspect"), permission="job_card.inspect", is_manual=False),
        "estimate": Step(
            {S.CREATED, S.INSPECTED}, S.ESTIMATED, _("Estimate"), permission="job_card.estimate", is_manual=False
        ),
        "send_estimate": Step(
            {S.ESTIMATED, S.WAITING_CUSTOMER_APPROVAL, *AT_WORK},
            S.WAITING_CUSTOMER_APPROVAL,
            _("Send the estimate"),
            permission="job_card.estimate",
            is_manual=False,
        ),
        "approve": Step({S.WAITING_CUSTOMER_APPROVAL}, S.APPROVED, _("Approved by the customer"), is_manual=False),
        "decline": Step({S.WAITING_CUSTOMER_APPROVAL}, S.ESTIMATED, _("Declined by the customer"), is_manual=False),
        "resume": Step({S.WAITING_CUSTOMER_APPROVAL}, S.IN_PROGRESS, _("Go on"), is_manual=False),
        "assign": Step(
            {S.APPROVED, S.ASSIGNED},
            S.ASSIGNED,
            _("Give to technicians"),
            permission="job_card.assign",
            is_manual=False,
        ),
        "start": Step({S.APPROVED, S.ASSIGNED}, S.IN_PROGRESS, _("Start work"), permission="job_card.work"),
        "wait_for_parts": Step(
            {S.APPROVED, S.ASSIGNED, S.IN_PROGRESS},
            S.WAITING_PARTS,
            _("Wait for parts"),
            permission="job_card.issue_parts",
        ),
        "release": Step({S.WAITING_PARTS}, S.IN_PROGRESS, _("Parts are here"), is_manual=False),
        "release_unstarted": Step({S.WAITING_PARTS}, S.ASSIGNED, _("Parts are here"), is_manual=False),
        "submit_check": Step({S.IN_PROGRESS}, S.QUALITY_CHECK, _("To the quality check"), permission="job_card.work"),
        "rework": Step(
            {S.QUALITY_CHECK}, S.IN_PROGRESS, _("Back to work"), permission="job_card.check", is_manual=False
        ),
        "complete": Step({S.QUALITY_CHECK}, S.COMPLETED, _("Complete"), permission="job_card.complete"),
        "deliver": Step({S.COMPLETED}, S.DELIVERED, _("Hand over"), permission="job_card.deliver", is_manual=False),
        "cancel": Step(
            {*BEFORE_WORK, S.WAITING_PARTS}, S.CANCELLED, _("Cancel"), permission="job_card.cancel", tone="danger"
        ),
    },
    tones={
        S.CREATED: "neutral",
        S.INSPECTED: "info",
        S.ESTIMATED: "info",
        S.WAITING_CUSTOMER_APPROVAL: "attention",
        S.APPROVED: "progress",
        S.ASSIGNED: "progress",
        S.IN_PROGRESS: "progress",
        S.WAITING_PARTS: "attention",
        S.QUALITY_CHECK: "info",
        S.COMPLETED: "done",
        S.DELIVERED: "done",
        S.CANCELLED: "neutral",
    },
)

T = JobTask.State
TASK = StateTable(
    "state",
    T,
    {
        "start": Step({T.PENDING, T.PAUSED}, T.IN_PROGRESS, _("Start"), permission="task.work"),
        "pause": Step({T.IN_PROGRESS}, T.PAUSED, _("Pause"), permission="task.work"),
        "complete": Step({T.IN_PROGRESS, T.PAUSED}, T.COMPLETED, _("Done"), permission="task.work"),
        "skip": Step({T.PENDING, T.PAUSED}, T.SKIPPED, _("Skip"), permission="job_card.assign"),
        "reopen": Step({T.COMPLETED}, T.PAUSED, _("Open again"), permission="job_card.check", is_manual=False),
    },
    tones={
        T.PENDING: "neutral",
        T.IN_PROGRESS: "progress",
        T.PAUSED: "attention",
        T.COMPLETED: "done",
        T.SKIPPED: "neutral",
    },
)

E = Estimate.State
ESTIMATE = StateTable(
    "state",
    E,
    {
        "send": Step({E.DRAFT, E.SENT}, E.SENT, _("Send"), permission="job_card.estimate"),
        "decide": Step({E.SENT}, E.DECIDED, _("Decide"), is_manual=False),
        "supersede": Step({E.DRAFT, E.SENT, E.DECIDED}, E.SUPERSEDED, _("Replace"), is_manual=False),
    },
    tones={E.DRAFT: "neutral", E.SENT: "attention", E.DECIDED: "done", E.SUPERSEDED: "neutral", E.EXPIRED: "danger"},
)
