"""The check of finished work by another person."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.platform.audit.services import record
from apps.verticals.workshop.errors import CheckedByWorker, ReasonMissing, TasksOpen
from apps.verticals.workshop.models import JobCard, JobTask, QualityCheck, WorkLog
from apps.verticals.workshop.services.card_steps import lock_card, move_card, tell_card_changed
from apps.verticals.workshop.states import JOB_CARD, TASK

FINISHED = (JobTask.State.COMPLETED, JobTask.State.SKIPPED)


@transaction.atomic
def submit_for_check(actor: Actor, card: JobCard, *, version: int | None = None) -> JobCard:
    """All tasks are done or skipped: the card goes to the quality check. Raises TasksOpen, IllegalMove."""
    actor.require("job_card.work")
    card = lock_card(actor, card, version)
    JOB_CARD.check(card, "submit_check")
    if card.tasks.exclude(state__in=FINISHED).exists():
        raise TasksOpen
    move_card(actor, card, "submit_check")
    return card


@transaction.atomic
def record_quality_check(
    actor: Actor,
    card: JobCard,
    *,
    result: str,
    points: Sequence[dict[str, Any]] = (),
    reason: str = "",
    version: int | None = None,
) -> QualityCheck:
    """Passes the work or sends it back with the reason; then its tasks are open again and a comeback is counted.

    `points`: [{code, name, is_ok}]. Raises CheckedByWorker, ReasonMissing, IllegalMove, StaleWrite.
    """
    actor.require("job_card.check")
    card = lock_card(actor, card, version)
    JOB_CARD.check(card, "complete")
    if WorkLog.objects.filter(task__job_card=card, technician_id=actor.user_id).exists():
        raise CheckedByWorker
    is_passed = result == QualityCheck.Result.PASSED and all(point.get("is_ok", True) for point in points)
    if not is_passed and not reason.strip():
        raise ReasonMissing(field="reason")
    check = QualityCheck.objects.create(
        job_card=card,
        checked_by_id=actor.require_user(),
        result=QualityCheck.Result.PASSED if is_passed else QualityCheck.Result.REWORK,
        points=[dict(point) for point in points],
        reason=reason.strip(),
    )
    if is_passed:
        card.save_changes()
        record(actor, "job_card.check_passed", card, is_public=True)
        tell_card_changed(actor, card, "quality")
    else:
        _send_back(actor, card, reason.strip())
    return check


def _send_back(actor: Actor, card: JobCard, reason: str) -> None:
    for task in card.tasks.select_for_update().filter(state=JobTask.State.COMPLETED):
        TASK.move(task, "reopen")
        task.save_changes("state")
    card.comeback_count += 1
    move_card(actor, card, "rework", "comeback_count", data={"reason": reason}, is_public=False)
