"""What to offer: findings that are yellow or red, and what the customer declined before."""

from uuid import UUID

from django.db.models import Case, QuerySet, Value, When

from apps.core.text import search_key
from apps.verticals.workshop.models import EstimateLine, InspectionPoint, JobCard, LabourOperation
from apps.verticals.workshop.types import EstimateLineInput

URGENCY = Case(When(severity="red", then=Value(0)), When(severity="yellow", then=Value(1)), default=Value(2))


def suggest_lines(card: JobCard) -> list[EstimateLineInput]:
    """One labour line per yellow or red point, red first, with the operation whose name speaks of the same thing.

    Where no operation does, the advisor picks it. Two queries.
    """
    points = card.inspection_points.exclude(rating=InspectionPoint.Rating.GREEN)
    operations = list(LabourOperation.objects.filter(organization_id=card.organization_id, is_active=True))
    return [
        _suggest(point, operations)
        for point in sorted(points, key=lambda row: (row.rating != InspectionPoint.Rating.RED, row.position))
    ]


def _suggest(point: InspectionPoint, operations: list[LabourOperation]) -> EstimateLineInput:
    subject = search_key(point.name)
    fitting = [one for one in operations if subject in search_key(one.name)]
    operation = min(fitting, key=lambda one: len(one.name), default=None)
    words = f"{point.name}: {point.note}" if point.note else point.name
    return EstimateLineInput(
        kind=EstimateLine.Kind.LABOUR,
        group=point.name,
        description=operation.name if operation else words,
        operation_id=operation.pk if operation else None,
        inspection_point_id=point.pk,
        severity=point.rating,
    )


def declined_lines(card: JobCard) -> "QuerySet[EstimateLine]":
    """Work declined at earlier visits of the same vehicle, red first: offered again."""
    return declined_at(card.vehicle_id).exclude(estimate__job_card_id=card.pk)[:10]


def declined_at(vehicle_id: UUID) -> "QuerySet[EstimateLine]":
    """Everything that was ever declined for a vehicle, red first."""
    return (
        EstimateLine.objects.filter(estimate__job_card__vehicle_id=vehicle_id, decision=EstimateLine.Decision.DECLINED)
        .select_related("estimate__job_card", "operation", "variant__product", "package")
        .order_by(URGENCY, "-pk")
    )
