"""What the workshop tells the engines about itself: visits of a vehicle, and how to lock what an order is for."""

from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import lock_rows
from apps.core.money import format_quantity
from apps.engines.billing.registry import register_invoice_source
from apps.engines.orders.registry import register_source_lock
from apps.engines.vehicles.models import Vehicle
from apps.engines.vehicles.registry import Visit, register_visits
from apps.verticals.workshop.models import JobCard, JobTask, PartRequirement


@register_visits
def visits_of(actor: Actor, vehicle: Vehicle) -> list[Visit]:
    """The vehicle's job cards; two queries."""
    done = JobTask.objects.filter(state=JobTask.State.COMPLETED)
    cards = (
        JobCard.objects.visible_to(actor)
        .filter(vehicle=vehicle)
        .prefetch_related(Prefetch("tasks", done))
        .order_by("-pk")
    )
    return [
        Visit(
            id=card.pk,
            number=card.number,
            opened_at=card.created_at,
            state=card.state,
            total=card.total,
            currency=card.currency,
            works=[task.description for task in card.tasks.all()],
            url=f"/garage/job-cards/{card.pk}/",
        )
        for card in cards[:100]
    ]


def describe_card(card_id: UUID) -> list[tuple[str, str]]:
    """What an invoice shows of its job card: vehicle and plate, odometer."""
    card = JobCard.objects.select_related("vehicle__model__make", "check_in").filter(pk=card_id).first()
    if card is None:
        return []
    rows = [(gettext("Vehicle"), str(card.vehicle.model)), (gettext("Number plate"), card.vehicle.plate)]
    check_in = getattr(card, "check_in", None)
    return [*rows, (gettext("Odometer"), f"{format_quantity(check_in.odometer_km)} km")] if check_in else rows


register_invoice_source(
    "workshop.jobcard", label=_("Job card"), describe=describe_card, url=lambda card_id: f"/garage/job-cards/{card_id}/"
)


def lock_cards_of_parts(part_ids: list[UUID]) -> None:
    """The cards before their parts, and both before stock: as every service of the workshop does."""
    lock_rows(JobCard.objects.all(), JobCard.objects.filter(parts__in=part_ids).values_list("pk", flat=True))
    lock_rows(PartRequirement.objects.all(), part_ids)


register_source_lock("workshop.partrequirement", lock_cards_of_parts)
