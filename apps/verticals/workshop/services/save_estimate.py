"""Making an estimate: a draft that replaces the lines of the open draft, or the next version after an answer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from apps.core.actor import Actor
from apps.core.clock import local_date
from apps.core.errors import NotFound
from apps.core.text import clean_text
from apps.engines.catalog.models import Variant
from apps.engines.pricing.rules import calculate_line
from apps.engines.pricing.selectors import tax_rate_of
from apps.engines.pricing.services import calculate_price
from apps.platform.audit.services import record
from apps.verticals.workshop.errors import DiscountTooHigh, EstimateEmpty, LineIncomplete, LineInWork
from apps.verticals.workshop.models import Estimate, EstimateLine, JobCard, JobTask, LabourOperation, ServicePackage
from apps.verticals.workshop.rules import calculate_totals, consent_holds
from apps.verticals.workshop.services.card_steps import find_estimate_in_force, lock_card, move_card, tell_card_changed
from apps.verticals.workshop.states import JOB_CARD
from apps.verticals.workshop.types import EstimateLineInput

Menu = TypeVar("Menu", bound=Model)
OPEN_STATES = (Estimate.State.DRAFT, Estimate.State.SENT)


@transaction.atomic
def save_estimate(
    actor: Actor, card: JobCard, *, lines: Sequence[EstimateLineInput], note: str = "", version: int | None = None
) -> Estimate:
    """Prices the lines and keeps them as the card's draft. A sent version that nobody answered is replaced.

    Approved lines repeated through `carried_from` keep their yes unless they became dearer or other; approved lines left
    out are dropped unless work on them has begun. Raises EstimateEmpty, LineIncomplete, DiscountTooHigh, LineInWork,
    StaleWrite, IllegalMove.
    """
    actor.require("job_card.estimate")
    card = lock_card(actor, card, version)
    if not lines:
        raise EstimateEmpty(field="lines")
    JOB_CARD.check(card, "estimate" if card.state in JOB_CARD.steps["estimate"].sources else "send_estimate")
    approved = _approved_lines(card)
    _check_nothing_begun_is_dropped(approved, lines)
    estimate = _open_draft(actor, card, note)
    rows = [_build_line(estimate, card, position, line, approved) for position, line in enumerate(lines)]
    EstimateLine.objects.bulk_create(rows)
    estimate.save_changes(*_set_totals(estimate, rows))
    if card.state in JOB_CARD.steps["estimate"].sources:
        move_card(actor, card, "estimate", data={"version": estimate.number}, is_public=False)
    else:
        card.save_changes()
        record(actor, "job_card.estimate_saved", card, data={"version": estimate.number})
        tell_card_changed(actor, card, "estimate")
    return estimate


def preview_estimate(
    actor: Actor, card: JobCard, *, lines: Sequence[EstimateLineInput]
) -> tuple[Estimate, list[EstimateLine]]:
    """What `save_estimate` would keep of these lines: an estimate with its totals, and its rows.

    Nothing is saved. Raises LineIncomplete, DiscountTooHigh, NotFound like saving.
    """
    actor.require("job_card.estimate")
    estimate = Estimate(job_card=card, number=0, currency=card.currency)
    approved = _approved_lines(card)
    rows = [_build_line(estimate, card, position, line, approved) for position, line in enumerate(lines)]
    _set_totals(estimate, rows)
    return estimate, rows


def _approved_lines(card: JobCard) -> dict[UUID, EstimateLine]:
    """The lines that the customer has agreed to, by id."""
    in_force = find_estimate_in_force(card)
    return (
        {line.pk: line for line in in_force.lines.filter(decision=EstimateLine.Decision.APPROVED)} if in_force else {}
    )


def _open_draft(actor: Actor, card: JobCard, note: str) -> Estimate:
    """The open draft emptied, or a new version; a sent one without an answer is closed, its links show the new one."""
    current = card.estimates.select_for_update().filter(state__in=OPEN_STATES).first()
    if current is not None and current.state == Estimate.State.DRAFT:
        current.lines.all().delete()
        current.note = note.strip()
        current.save_changes("note")
        return current
    if current is not None:
        current.state = Estimate.State.SUPERSEDED
        current.save_changes("state")
    last = card.estimates.order_by("-number").values_list("number", flat=True).first() or 0
    return Estimate.objects.create(
        job_card=card, number=last + 1, currency=card.currency, note=note.strip(), made_by_id=actor.user_id
    )


def _build_line(
    estimate: Estimate, card: JobCard, position: int, given: EstimateLineInput, approved: dict[UUID, EstimateLine]
) -> EstimateLine:
    line = EstimateLine(
        estimate=estimate,
        position=position,
        group=clean_text(given.group)[:160],
        kind=given.kind,
        quantity=given.quantity,
        discount=given.discount,
        inspection_point_id=given.inspection_point_id,
        severity=given.severity,
    )
    unit_price, line.tax_rate = _fill_from_source(line, card, given)
    line.unit_price = unit_price if given.unit_price is None else given.unit_price
    line.description = (clean_text(given.description) or line.description)[:200]
    if not line.description or line.quantity <= 0 or line.unit_price < 0:
        raise LineIncomplete(field=f"lines.{position}")
    if line.discount < 0 or line.discount > line.quantity * line.unit_price:
        raise DiscountTooHigh(field=f"lines.{position}")
    amounts = calculate_line(line.quantity, line.unit_price, line.discount, line.tax_rate, estimate.currency)
    line.net, line.tax, line.gross = amounts.net, amounts.tax, amounts.gross
    earlier = approved.get(given.carried_from) if given.carried_from else None
    if earlier is not None:
        line.carried_from = earlier
        if consent_holds(earlier, line):
            line.decision = EstimateLine.Decision.APPROVED
    return line


def _fill_from_source(line: EstimateLine, card: JobCard, given: EstimateLineInput) -> tuple[Decimal, Decimal]:
    """Sets what the line stands for; returns (list price, tax rate in percent). Raises NotFound, LineIncomplete."""
    today = local_date()
    if given.kind == EstimateLine.Kind.LABOUR and given.operation_id:
        operation = _own(LabourOperation, card, given.operation_id)
        line.operation, line.description, line.minutes = operation, operation.name, operation.minutes
        return operation.price, tax_rate_of(operation.tax_class_id, today)
    if given.kind == EstimateLine.Kind.PACKAGE and given.package_id:
        package = _own(ServicePackage, card, given.package_id)
        line.package, line.description, line.minutes = package, package.name, package.minutes
        return package.price, tax_rate_of(package.tax_class_id, today)
    if given.kind == EstimateLine.Kind.PART and given.variant_id:
        variant = _own(Variant, card, given.variant_id)
        price = calculate_price(
            variant=variant,
            quantity=given.quantity,
            seller_id=card.organization_id,
            customer_id=card.customer_id,
            on=today,
        )
        line.variant, line.description, line.unit = variant, variant.product.name, variant.unit
        return price.unit_price, price.tax_rate
    if given.kind in (EstimateLine.Kind.FEE, EstimateLine.Kind.LABOUR) and given.unit_price is not None:
        return given.unit_price, _standard_rate(card)
    raise LineIncomplete(field=f"lines.{line.position}")


def _own(model: type[Menu], card: JobCard, row_id: UUID) -> Menu:
    """A row of the garage's own menu; raises NotFound."""
    row = model._default_manager.filter(organization_id=card.organization_id, pk=row_id).first()
    if row is None:
        raise NotFound
    return row


def _standard_rate(card: JobCard) -> Decimal:
    """Free lines are taxed like the garage's own labour."""
    operation = (
        LabourOperation.objects.filter(organization_id=card.organization_id, is_active=True).order_by("code").first()
    )
    return tax_rate_of(operation.tax_class_id, local_date()) if operation else Decimal(0)


def _check_nothing_begun_is_dropped(approved: dict[UUID, EstimateLine], lines: Sequence[EstimateLineInput]) -> None:
    kept = {line.carried_from for line in lines}
    dropped = [line_id for line_id in approved if line_id not in kept]
    begun = JobTask.objects.filter(estimate_line_id__in=dropped).exclude(state=JobTask.State.PENDING)
    if begun.exists():
        raise LineInWork(
            details={"lines": [str(line_id) for line_id in begun.values_list("estimate_line_id", flat=True)]}
        )


def _set_totals(estimate: Estimate, rows: Sequence[EstimateLine]) -> list[str]:
    """Sets the sums of the rows (not saved); names the fields."""
    totals = calculate_totals(rows)
    for field, amount in totals.items():
        setattr(estimate, field, amount)
    return list(totals)
