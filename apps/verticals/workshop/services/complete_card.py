"""Completion: the work is final and the invoice is drafted from what was approved."""

from decimal import Decimal

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import InvoiceLineInput, draft_invoice
from apps.engines.scheduling.services import finish_reservation
from apps.verticals.workshop.errors import CardNotCompleted, CheckNotPassed
from apps.verticals.workshop.models import EstimateLine, JobCard, PartRequirement, QualityCheck
from apps.verticals.workshop.services.card_steps import find_estimate_in_force, lock_card, move_card
from apps.verticals.workshop.states import JOB_CARD


@transaction.atomic
def complete_card(actor: Actor, card: JobCard, *, version: int | None = None) -> JobCard:
    """Ends the work after a passed check; drafts the invoice; frees the bay. Raises CheckNotPassed, IllegalMove."""
    actor.require("job_card.complete")
    card = lock_card(actor, card, version)
    JOB_CARD.check(card, "complete")
    last = card.quality_checks.order_by("-pk").first()
    if last is None or last.result != QualityCheck.Result.PASSED:
        raise CheckNotPassed
    draft_card_invoice(actor, card)
    if card.appointment is not None:
        finish_reservation(actor, card.appointment.reservation)
    card.completed_at = now()
    move_card(actor, card, "complete", "completed_at")
    return card


@transaction.atomic
def invoice_card(actor: Actor, card: JobCard) -> Invoice:
    """The invoice of a completed or delivered card, drafted if it was dropped. Raises CardNotCompleted."""
    actor.require("invoice.draft")
    card = lock_card(actor, card)
    if card.state not in (JobCard.State.COMPLETED, JobCard.State.DELIVERED):
        raise CardNotCompleted
    return draft_card_invoice(actor, card)


def draft_card_invoice(actor: Actor, card: JobCard) -> Invoice:
    """The invoice of the card, made once; a second call answers with the first."""
    estimate = find_estimate_in_force(card)
    lines = estimate.lines.filter(decision=EstimateLine.Decision.APPROVED) if estimate else EstimateLine.objects.none()
    costs = _costs_by_line(card)
    return draft_invoice(
        actor,
        source_type="workshop.jobcard",
        source_id=card.pk,
        source_label=card.number,
        branch_id=card.branch_id,
        customer=card.customer,
        lines=[
            InvoiceLineInput(
                kind=line.kind,
                description=line.description,
                variant_id=line.variant_id,
                unit=line.unit,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=line.discount,
                tax_rate=line.tax_rate,
                cost=costs.get(line.pk, Decimal(0)),
                line_id=line.pk,
            )
            for line in lines
        ],
    )


def _costs_by_line(card: JobCard) -> dict:
    """What the issued parts of each line cost, from the stock ledger's unit costs."""
    costs: dict = {}
    for part in PartRequirement.objects.filter(job_card=card, issued__gt=0):
        costs[part.estimate_line_id] = costs.get(part.estimate_line_id, Decimal(0)) + part.issued * part.unit_cost
    return costs
