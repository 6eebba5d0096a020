"""Reads of feedback."""

from django.db.models import Avg, Count, Q, QuerySet

from apps.core.actor import Actor
from apps.verticals.feedback.models import Feedback


def list_feedback(actor: Actor) -> "QuerySet[Feedback]":
    """Ratings that exist for the actor, newest first; requests without an answer too."""
    return Feedback.objects.visible_to(actor).select_related("customer", "branch")


def satisfaction(actor: Actor) -> dict[str, float | int | None]:
    """Average rating, number of ratings, and share of four and five stars in percent (CSAT)."""
    given = list_feedback(actor).filter(rating__isnull=False)
    sums = given.aggregate(average=Avg("rating"), count=Count("pk"), happy=Count("pk", filter=Q(rating__gte=4)))
    csat = round(100 * sums["happy"] / sums["count"]) if sums["count"] else None
    return {"average": sums["average"], "count": sums["count"], "csat": csat}
