"""Steps that several use cases share: locking a card, moving it, telling its screens."""

from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.core.db import lock_visible
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.verticals.workshop.events import JobCardChanged, JobCardMoved
from apps.verticals.workshop.models import Estimate, JobCard, JobTask
from apps.verticals.workshop.states import JOB_CARD


def lock_card(actor: Actor, card: JobCard, version: int | None = None) -> JobCard:
    """The card, locked and read anew. Raises NotFound for a card that does not exist for the actor, StaleWrite when the
    caller saw another version.
    """
    card = lock_visible(actor, card)
    card.check_version(version)
    return card


def move_card(
    actor: Actor, card: JobCard, action: str, *fields: str, data: dict[str, Any] | None = None, is_public: bool = True
) -> None:
    """Moves the locked card, saves state and `fields`, writes the timeline, tells the screens. Raises IllegalMove."""
    old = JOB_CARD.move(card, action)
    card.save_changes("state", *fields)
    record(
        actor, f"job_card.{action}", card, data=data, old={"state": old}, new={"state": card.state}, is_public=is_public
    )
    publish(
        actor,
        JobCardMoved(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            state=card.state,
            old_state=old,
            technicians=technician_ids(card),
        ),
    )


def tell_card_changed(actor: Actor, card: JobCard, what: str) -> None:
    """The screens of the card draw anew; its state is as before."""
    publish(
        actor,
        JobCardChanged(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            what=what,
            technicians=technician_ids(card),
        ),
    )


def technician_ids(card: JobCard) -> tuple[UUID, ...]:
    """The people who have a task on the card."""
    rows = JobTask.objects.filter(job_card=card, technician__isnull=False).order_by("technician_id")
    return tuple(rows.values_list("technician_id", flat=True).distinct())


def find_estimate_in_force(card: JobCard) -> Estimate | None:
    """The last version that the customer answered."""
    return card.estimates.filter(state=Estimate.State.DECIDED).order_by("-number").first()
