"""Sending an estimate to the customer as a link."""

from datetime import timedelta

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.system.settings import get_setting
from apps.verticals.workshop.events import EstimateSent
from apps.verticals.workshop.models import Estimate, JobCard
from apps.verticals.workshop.rules import document_hash
from apps.verticals.workshop.services.card_steps import lock_card, move_card, technician_ids
from apps.verticals.workshop.states import ESTIMATE


@transaction.atomic
def send_estimate(actor: Actor, estimate: Estimate, *, version: int | None = None) -> Estimate:
    """Freezes the draft and sends it; a sent one is sent again. Raises IllegalMove, StaleWrite."""
    actor.require("job_card.estimate")
    card = lock_card(actor, estimate.job_card)
    estimate = lock_row(estimate)
    estimate.check_version(version)
    ESTIMATE.move(estimate, "send")
    estimate.sent_at = now()
    days = get_setting("workshop.estimate_days", card.organization_id, card.branch_id)
    estimate.valid_until = now() + timedelta(days=days)
    estimate.document_hash = document_hash(estimate.number, estimate.currency, estimate.lines.all())
    estimate.save_changes("state", "sent_at", "valid_until", "document_hash")
    if card.state != JobCard.State.WAITING_CUSTOMER_APPROVAL:
        move_card(actor, card, "send_estimate", data={"version": estimate.number})
    else:
        record(actor, "job_card.send_estimate", card, data={"version": estimate.number}, is_public=True)
    publish(
        actor,
        EstimateSent(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            estimate_id=estimate.pk,
            technicians=technician_ids(card),
        ),
    )
    return estimate
