"""The customer's answer: kept as evidence, and everything that follows from it, at once."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row
from apps.core.text import clean_text
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.verticals.workshop.errors import (
    DecisionIncomplete,
    EstimateChanged,
    EstimateDecided,
    EstimateExpired,
    SignatureMissing,
)
from apps.verticals.workshop.events import EstimateAnswered
from apps.verticals.workshop.models import Estimate, EstimateDecision, EstimateLine, JobCard
from apps.verticals.workshop.rules import calculate_totals
from apps.verticals.workshop.services.card_steps import find_estimate_in_force, lock_card, move_card, technician_ids
from apps.verticals.workshop.services.plan_work import plan_work
from apps.verticals.workshop.services.signatures import keep_signature
from apps.verticals.workshop.types import DecisionInput

Decision = EstimateLine.Decision


@transaction.atomic
def decide_estimate(
    actor: Actor, estimate: Estimate, *, answer: DecisionInput, channel: str = EstimateDecision.Channel.LINK
) -> Estimate:
    """Approves or declines every open line; the card goes on by itself.

    Staff who key in a yes from the phone or the desk need `job_card.estimate`. Raises EstimateChanged when the customer
    saw another document, EstimateDecided, EstimateExpired, DecisionIncomplete, SignatureMissing.
    """
    actor.require("estimate.decide" if channel == EstimateDecision.Channel.LINK else "job_card.estimate")
    card = lock_card(actor, estimate.job_card)
    estimate = lock_row(estimate)
    _check_can_be_decided(estimate, answer, channel)
    in_force = find_estimate_in_force(card)
    lines = list(estimate.lines.select_for_update())
    _apply(lines, answer)
    _keep_evidence(actor, estimate, lines, answer, channel)
    estimate.state, estimate.decided_at = Estimate.State.DECIDED, now()
    estimate.save_changes("state", "decided_at")
    if in_force is not None:
        in_force.state = Estimate.State.SUPERSEDED
        in_force.save_changes("state")
    _set_card_totals(card, lines)
    approved = [line for line in lines if line.decision == Decision.APPROVED]
    plan_work(actor, card, approved)
    _move_on(actor, card, approved)
    declined = len(lines) - len(approved)
    record(
        actor,
        "job_card.estimate_answered",
        card,
        data={"approved": len(approved), "declined": declined, "name": answer.name},
        is_public=True,
    )
    publish(
        actor,
        EstimateAnswered(
            subject_id=card.pk,
            organization_id=card.organization_id,
            branch_id=card.branch_id,
            estimate_id=estimate.pk,
            approved=len(approved),
            declined=declined,
            technicians=technician_ids(card),
        ),
    )
    return estimate


def _check_can_be_decided(estimate: Estimate, answer: DecisionInput, channel: str) -> None:
    if estimate.state == Estimate.State.DECIDED:
        raise EstimateDecided
    if estimate.state != Estimate.State.SENT or answer.document_hash != estimate.document_hash:
        raise EstimateChanged
    if estimate.valid_until is not None and estimate.valid_until < now():
        raise EstimateExpired
    if not clean_text(answer.name):
        raise SignatureMissing(field="name")
    if channel == EstimateDecision.Channel.LINK and not (answer.signature_png or answer.is_typed):
        raise SignatureMissing(field="signature")


def _apply(lines: list[EstimateLine], answer: DecisionInput) -> None:
    """Every line that is not yet approved needs an answer, and no other line may get one."""
    open_lines = {line.pk: line for line in lines if line.decision != Decision.APPROVED}
    valid = {Decision.APPROVED, Decision.DECLINED}
    if set(answer.decisions) != set(open_lines) or not set(answer.decisions.values()) <= valid:
        raise DecisionIncomplete(field="decisions")
    for line_id, line in open_lines.items():
        line.decision = answer.decisions[line_id]
        line.decline_reason = (
            clean_text(answer.reasons.get(line_id, ""))[:200] if line.decision == Decision.DECLINED else ""
        )
        line.save(update_fields=["decision", "decline_reason"])


def _keep_evidence(
    actor: Actor, estimate: Estimate, lines: list[EstimateLine], answer: DecisionInput, channel: str
) -> None:
    EstimateDecision.objects.create(
        estimate=estimate,
        channel=channel,
        decided_by_name=clean_text(answer.name)[:120],
        keyed_by_id=actor.user_id if channel != EstimateDecision.Channel.LINK else None,
        lines=[
            {
                "line": str(line.pk),
                "description": line.description,
                "gross": str(line.gross),
                "decision": line.decision,
                "reason": line.decline_reason,
            }
            for line in lines
        ],
        total_seen=estimate.total,
        document_hash=estimate.document_hash,
        signature=keep_signature(actor, answer.signature_png),
        ip=actor.ip,
        user_agent=actor.user_agent[:400],
    )


def _set_card_totals(card: JobCard, lines: list[EstimateLine]) -> None:
    totals = calculate_totals(line for line in lines if line.decision == Decision.APPROVED)
    for field, amount in totals.items():
        setattr(card, field, amount)
    card.save_changes(*totals)


def _move_on(actor: Actor, card: JobCard, approved: list[EstimateLine]) -> None:
    if not approved:
        move_card(actor, card, "decline")
    elif card.started_at is not None:
        move_card(actor, card, "resume")
    else:
        move_card(actor, card, "approve")
