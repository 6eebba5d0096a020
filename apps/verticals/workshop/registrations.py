"""What the workshop tells the engines about itself: visits of a vehicle, and how to lock what an order is for."""

from uuid import UUID

from django.db.models import Prefetch

from apps.core.actor import Actor
from apps.core.db import lock_rows
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


def lock_cards_of_parts(part_ids: list[UUID]) -> None:
    """The cards before their parts, and both before stock: as every service of the workshop does."""
    lock_rows(JobCard.objects.all(), JobCard.objects.filter(parts__in=part_ids).values_list("pk", flat=True))
    lock_rows(PartRequirement.objects.all(), part_ids)


register_source_lock("workshop.partrequirement", lock_cards_of_parts)
