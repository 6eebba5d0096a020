"""Every change of feedback."""

from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.verticals.feedback.errors import AlreadyRated, RatingInvalid
from apps.verticals.feedback.events import FeedbackGiven, FeedbackRequested
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.states import FEEDBACK


@transaction.atomic
def request_feedback(
    actor: Actor, *, branch_id: UUID | None, customer_id: UUID, source_type: str, source_id: UUID, source_label: str
) -> Feedback:
    """Asks the customer of a document for a rating; asked twice it is still one."""
    feedback, is_new = Feedback.objects.get_or_create(
        source_type=source_type,
        source_id=source_id,
        defaults={
            "organization_id": actor.require_organization(),
            "branch_id": branch_id,
            "customer_id": customer_id,
            "source_label": source_label,
        },
    )
    if is_new:
        record(actor, "feedback.requested", feedback)
        publish(actor, FeedbackRequested(**_identity(feedback)))
    return feedback


@transaction.atomic
def give_feedback(actor: Actor, feedback: Feedback, *, rating: int, comment: str = "") -> Feedback:
    """The customer's rating, 1 to 5. Within the first day a comment may be added or the rating changed.

    Raises RatingInvalid, AlreadyRated once the garage has answered or a day has passed.
    """
    actor.require("feedback.give")
    if rating not in range(1, 6):
        raise RatingInvalid(field="rating")
    feedback = lock_row(feedback)
    is_first = feedback.state == Feedback.State.REQUESTED
    if is_first:
        FEEDBACK.move(feedback, "give")
        feedback.submitted_at = now()
    elif not _may_still_change(feedback):
        raise AlreadyRated
    feedback.rating = rating
    feedback.comment = comment.strip()[:2000] or feedback.comment
    feedback.save_changes("state", "submitted_at", "rating", "comment")
    if is_first:
        record(actor, "feedback.given", feedback, data={"rating": rating})
    publish(actor, FeedbackGiven(rating=rating, **_identity(feedback)))
    return feedback


@transaction.atomic
def acknowledge_feedback(actor: Actor, feedback: Feedback, *, answer: str = "", version: int | None = None) -> Feedback:
    """The garage has read it and may answer. Raises IllegalMove, StaleWrite."""
    actor.require("feedback.answer")
    feedback = lock_row(feedback)
    feedback.check_version(version)
    FEEDBACK.move(feedback, "acknowledge")
    feedback.answer = answer.strip()
    feedback.save_changes("state", "answer")
    record(actor, "feedback.acknowledged", feedback)
    return feedback


@transaction.atomic
def resolve_feedback(actor: Actor, feedback: Feedback, *, version: int | None = None) -> Feedback:
    """Nothing more to do. Raises IllegalMove, StaleWrite."""
    actor.require("feedback.answer")
    feedback = lock_row(feedback)
    feedback.check_version(version)
    FEEDBACK.move(feedback, "resolve")
    feedback.save_changes("state")
    return feedback


def _may_still_change(feedback: Feedback) -> bool:
    is_fresh = feedback.submitted_at is not None and (now() - feedback.submitted_at).total_seconds() < 24 * 3600
    return feedback.state == Feedback.State.PENDING and is_fresh


def _identity(feedback: Feedback) -> dict:
    return {
        "subject_id": feedback.pk,
        "organization_id": feedback.organization_id,
        "branch_id": feedback.branch_id,
    }
