"""Giving tasks to technicians."""

from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.engines.scheduling.models import Resource
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.workshop.errors import TechnicianUnknown
from apps.verticals.workshop.events import TasksAssigned
from apps.verticals.workshop.models import JobCard, JobTask
from apps.verticals.workshop.services.card_steps import lock_card, move_card, technician_ids, tell_card_changed
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def assign_tasks(
    actor: Actor,
    card: JobCard,
    *,
    assignments: dict[UUID, UUID | None],
    bay: Resource | None = None,
    version: int | None = None,
) -> JobCard:
    """Sets the technician of the named tasks (None takes it away). Only people of the branch with `task.work`.

    Raises TechnicianUnknown, StaleWrite, IllegalMove.
    """
    actor.require("job_card.assign")
    card = lock_card(actor, card, version)
    people = {user.pk for user in users_with_permission(card.organization_id, "task.work", branch_id=card.branch_id)}
    tasks = {task.pk: task for task in card.tasks.select_for_update().filter(pk__in=assignments)}
    if set(tasks) != set(assignments) or not {user for user in assignments.values() if user} <= people:
        raise TechnicianUnknown(field="assignments")
    old_people = technician_ids(card)
    for task_id, user_id in assignments.items():
        task = tasks[task_id]
        if task.state in (JobTask.State.PENDING, JobTask.State.PAUSED):
            task.technician_id = user_id
            task.save_changes("technician")
    if bay is not None:
        card.bay = bay
        card.save_changes("bay")
    if card.state in JOB_CARD.steps["assign"].sources:
        move_card(actor, card, "assign")
    else:
        record(actor, "job_card.assign", card)
        tell_card_changed(actor, card, "tasks")
    publish(
        actor,
        TasksAssigned(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            technicians=tuple(sorted({*old_people, *technician_ids(card)})),
        ),
    )
    return card
