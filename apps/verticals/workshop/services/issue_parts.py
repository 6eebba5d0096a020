"""Parts leave the store for a card, and come back."""

from decimal import Decimal

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_row
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.services import consume_reservation, return_stock
from apps.platform.audit.services import record
from apps.verticals.workshop.errors import TooManyIssued
from apps.verticals.workshop.models import JobCard, PartRequirement
from apps.verticals.workshop.services.card_steps import lock_card, tell_card_changed
from apps.verticals.workshop.services.reserve_parts import reserve_parts, source_of, state_of


@transaction.atomic
def issue_part(actor: Actor, part: PartRequirement, *, quantity: Decimal | None = None) -> PartRequirement:
    """Takes the reserved quantity (or less) out of stock for the card. Raises TooManyIssued."""
    actor.require("job_card.issue_parts")
    card = lock_card(actor, part.job_card)
    part = lock_row(part)
    quantity = part.reserved if quantity is None else quantity
    if quantity <= 0 or quantity > part.reserved:
        raise TooManyIssued(field="quantity", details={"reserved": str(part.reserved)})
    movement = consume_reservation(
        actor, line_id=part.pk, quantity=quantity, kind=StockMovement.Kind.JOB_CARD, source=source_of(card)
    )
    part.issued += quantity
    part.reserved -= quantity
    part.unit_cost = movement.unit_cost
    part.state = state_of(part)
    part.save_changes("issued", "reserved", "unit_cost", "state")
    record(actor, "job_card.part_issued", card, data={"sku": part.variant.sku, "quantity": str(quantity.normalize())})
    tell_card_changed(actor, card, "parts")
    return part


@transaction.atomic
def issue_all_parts(actor: Actor, card: JobCard) -> int:
    """Takes everything that is reserved for the card out of stock; says how many parts. Raises TooManyIssued for none."""
    actor.require("job_card.issue_parts")
    ready = list(lock_card(actor, card).parts.filter(reserved__gt=0).select_related("variant").order_by("pk"))
    if not ready:
        raise TooManyIssued
    for part in ready:
        issue_part(actor, part)
    return len(ready)


@transaction.atomic
def return_part(actor: Actor, part: PartRequirement, *, quantity: Decimal, reason: str = "") -> PartRequirement:
    """Brings an issued quantity back into stock at the cost at which it left, and promises it to the card again."""
    actor.require("job_card.issue_parts")
    card = lock_card(actor, part.job_card)
    part = lock_row(part)
    if quantity <= 0 or quantity > part.issued:
        raise TooManyIssued(field="quantity", details={"issued": str(part.issued)})
    return_stock(
        actor,
        variant_id=part.variant_id,
        warehouse_id=card.warehouse_id,
        quantity=quantity,
        unit_cost=part.unit_cost,
        source=source_of(card),
        reason=reason,
    )
    part.issued -= quantity
    part.state = state_of(part)
    part.save_changes("issued", "state")
    reserve_parts(actor, card)
    part.refresh_from_db()
    record(actor, "job_card.part_returned", card, data={"sku": part.variant.sku, "quantity": str(quantity.normalize())})
    tell_card_changed(actor, card, "parts")
    return part
