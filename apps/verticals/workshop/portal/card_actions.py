"""The buttons of a job card: each is one service; here only the words are put in their places."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.portal.actions import ActionHandler
from apps.core.portal.fields import ReasonForm
from apps.verticals.workshop import services
from apps.verticals.workshop.errors import EstimateChanged
from apps.verticals.workshop.models import Estimate, InspectionPoint, JobCard, JobPhoto, JobTask, PartRequirement
from apps.verticals.workshop.portal import card_forms as forms
from apps.verticals.workshop.selectors import find_template, inspection_sheet, open_estimate, sent_estimate
from apps.verticals.workshop.types import DecisionInput, PointInput

S = JobCard.State


def send(actor: Actor, card: JobCard) -> Estimate:
    """Sends the version that is open; one that was sent goes out again."""
    estimate = open_estimate(card)
    if estimate is None:
        raise EstimateChanged
    return services.send_estimate(actor, estimate)


def answer(actor: Actor, card: JobCard, *, answer: DecisionInput, channel: str) -> Estimate:
    """Keys in what the customer said."""
    estimate = sent_estimate(card)
    if estimate is None:
        raise EstimateChanged
    return services.decide_estimate(actor, estimate, answer=answer, channel=channel)


def mark_group_green(actor: Actor, card: JobCard, *, group: str) -> JobCard:
    """All points of the group that nobody has looked at are good."""
    sheet = inspection_sheet(card, find_template(card))
    codes = [point.code for one in sheet.groups if one.name == group for point in one.points if point.found is None]
    points = [PointInput(code=code, rating=InspectionPoint.Rating.GREEN) for code in codes]
    return services.record_inspection(actor, card, points=points)


def add_photos(actor: Actor, card: JobCard, *, photos: Sequence[Any], stage: str, caption: str) -> list[JobPhoto]:
    return services.add_photos(actor, card, uploads=photos, stage=stage, caption=caption)


def start_clock(actor: Actor, _card: JobCard, *, task: JobTask) -> Any:
    return services.start_clock(actor, task)


def stop_clock(actor: Actor, _card: JobCard, *, task: JobTask) -> Any:
    return services.stop_clock(actor, task)


def finish(actor: Actor, _card: JobCard, *, task: JobTask, cause: str, correction: str) -> JobTask:
    return services.complete_task(actor, task, cause=cause, correction=correction)


def skip(actor: Actor, _card: JobCard, *, task: JobTask, reason: str) -> JobTask:
    return services.skip_task(actor, task, reason=reason)


def issue(actor: Actor, _card: JobCard, *, part: PartRequirement) -> PartRequirement:
    return services.issue_part(actor, part)


def take_back(
    actor: Actor, _card: JobCard, *, part: PartRequirement, quantity: Decimal, reason: str
) -> PartRequirement:
    return services.return_part(actor, part, quantity=quantity, reason=reason)


DIALOGS = "workshop/card/dialogs"
ACTIONS = {
    "edit": ActionHandler(
        services.update_card,
        form=forms.EditForm,
        label=_("Edit"),
        permission="job_card.open",
        done=_("Saved."),
        initial=lambda card: {"concern": card.concern, "promised_at": card.promised_at, "bay": card.bay_id},
    ),
    "green": ActionHandler(
        mark_group_green,
        form=forms.GroupForm,
        label=_("All good"),
        permission="job_card.inspect",
        done=_("The rest of the group is good."),
    ),
    "photos": ActionHandler(
        add_photos,
        form=forms.PhotosForm,
        label=_("Add photos"),
        when=lambda card, actor: actor.can("job_card.inspect") or actor.can("job_card.work"),
        done=_("Photos added."),
    ),
    "send": ActionHandler(
        send,
        form=forms.SureForm,
        label=_("Send to the customer"),
        permission="job_card.estimate",
        done=_("The estimate is on its way."),
        template=f"{DIALOGS}/send.html",
    ),
    "answer": ActionHandler(
        answer,
        form=forms.AnswerForm,
        label=_("Enter the answer"),
        permission="job_card.estimate",
        done=_("The answer is kept."),
        template=f"{DIALOGS}/answer.html",
    ),
    "assign": ActionHandler(
        services.assign_tasks,
        form=forms.AssignForm,
        label=_("Assign"),
        done=_("Assigned."),
        template=f"{DIALOGS}/assign.html",
    ),
    "start": ActionHandler(services.start_card, label=_("Start work"), done=_("Work has begun.")),
    "clock-start": ActionHandler(
        start_clock, form=forms.TaskForm, label=_("Start"), permission="task.work", done=_("Your clock is running.")
    ),
    "clock-stop": ActionHandler(
        stop_clock, form=forms.TaskForm, label=_("Pause"), permission="task.work", done=_("Clock stopped.")
    ),
    "finish": ActionHandler(
        finish, form=forms.FinishForm, label=_("Task done"), permission="task.work", done=_("Task done.")
    ),
    "skip": ActionHandler(
        skip, form=forms.SkipForm, label=_("Skip the task"), permission="job_card.assign", done=_("Task skipped.")
    ),
    "reserve": ActionHandler(
        services.request_parts,
        label=_("Look for the parts again"),
        permission="job_card.issue_parts",
        done=_("Looked for the parts again."),
    ),
    "issue": ActionHandler(
        issue, form=forms.PartForm, label=_("Issue"), permission="job_card.issue_parts", done=_("Issued.")
    ),
    "issue-all": ActionHandler(
        services.issue_all_parts,
        label=_("Issue all reserved"),
        permission="job_card.issue_parts",
        done=_("Issued."),
    ),
    "return": ActionHandler(
        take_back,
        form=forms.ReturnForm,
        label=_("Return to the store"),
        permission="job_card.issue_parts",
        done=_("Back in the store."),
    ),
    "order": ActionHandler(
        services.order_missing_parts,
        form=forms.OrderForm,
        label=_("Order missing parts"),
        permission="job_card.order_parts",
        done=_("Ordered."),
        template=f"{DIALOGS}/order.html",
    ),
    "submit_check": ActionHandler(
        services.submit_for_check, label=_("To the quality check"), done=_("The card waits for its check.")
    ),
    "check": ActionHandler(
        services.record_quality_check,
        form=forms.CheckForm,
        label=_("Quality check"),
        permission="job_card.check",
        done=_("Checked."),
        template=f"{DIALOGS}/check.html",
    ),
    "complete": ActionHandler(
        services.complete_card, label=_("Complete"), done=_("Completed. The invoice has been drafted.")
    ),
    "deliver": ActionHandler(
        services.deliver_card,
        form=forms.DeliverForm,
        label=_("Hand over"),
        done=_("Handed over. Have a good drive!"),
        template=f"{DIALOGS}/deliver.html",
    ),
    "cancel": ActionHandler(
        services.cancel_card, form=ReasonForm, label=_("Cancel the visit"), variant="danger", done=_("Cancelled.")
    ),
}

# Where on the page a refusal is said.
PLACES = {
    "green": "inspection",
    "photos": "photos",
    "clock-start": "tasks",
    "clock-stop": "tasks",
    "finish": "tasks",
    "skip": "tasks",
    "assign": "tasks",
    "reserve": "parts",
    "issue": "parts",
    "issue-all": "parts",
    "return": "parts",
    "order": "parts",
}
