"""What to offer: findings that are yellow or red, and what the customer declined before."""

from django.db.models import QuerySet

from apps.verticals.workshop.models import EstimateLine, InspectionPoint, JobCard
from apps.verticals.workshop.types import EstimateLineInput


def suggest_lines(card: JobCard) -> list[EstimateLineInput]:
    """One empty labour line per yellow or red point, red first: the advisor picks operation and part."""
    points = card.inspection_points.exclude(rating=InspectionPoint.Rating.GREEN)
    return [
        EstimateLineInput(
            kind=EstimateLine.Kind.LABOUR,
            group=point.name,
            description=f"{point.name}: {point.note}" if point.note else point.name,
            inspection_point_id=point.pk,
            severity=point.rating,
        )
        for point in sorted(points, key=lambda row: (row.rating != InspectionPoint.Rating.RED, row.position))
    ]


def declined_lines(card: JobCard) -> "QuerySet[EstimateLine]":
    """Work declined at earlier visits of the same vehicle, red first: offered again."""
    return (
        EstimateLine.objects.filter(
            estimate__job_card__vehicle_id=card.vehicle_id, decision=EstimateLine.Decision.DECLINED
        )
        .exclude(estimate__job_card_id=card.pk)
        .select_related("estimate__job_card", "operation", "variant__product", "package")
        .order_by("severity", "-pk")[:10]
    )
