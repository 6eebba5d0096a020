"""Work found on the way: added to what was approved and sent to the customer in one step."""

from collections.abc import Sequence

from django.db import transaction

from apps.core.actor import Actor
from apps.verticals.workshop.models import Estimate, EstimateLine, JobCard
from apps.verticals.workshop.services.card_steps import find_estimate_in_force, lock_card
from apps.verticals.workshop.services.save_estimate import save_estimate
from apps.verticals.workshop.services.send_estimate import send_estimate
from apps.verticals.workshop.types import EstimateLineInput


@transaction.atomic
def add_services(
    actor: Actor, card: JobCard, *, lines: Sequence[EstimateLineInput], note: str = "", version: int | None = None
) -> Estimate:
    """The next version: approved lines as they are, then the new ones; the customer is asked about those alone.

    Raises what saving and sending an estimate refuse with.
    """
    card = lock_card(actor, card, version)
    made = save_estimate(actor, card, lines=[*carried_lines(card), *lines], note=note)
    return send_estimate(actor, made)


def carried_lines(card: JobCard) -> list[EstimateLineInput]:
    """The approved lines of the version in force, as inputs of the next one."""
    in_force = find_estimate_in_force(card)
    rows = in_force.lines.filter(decision=EstimateLine.Decision.APPROVED) if in_force else EstimateLine.objects.none()
    return [
        EstimateLineInput(
            kind=line.kind,
            description=line.description,
            group=line.group,
            operation_id=line.operation_id,
            package_id=line.package_id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            inspection_point_id=line.inspection_point_id,
            severity=line.severity,
            carried_from=line.pk,
        )
        for line in rows
    ]
