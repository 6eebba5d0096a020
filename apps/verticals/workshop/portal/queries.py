"""Conditions that filters of several screens share."""

from django.db.models import Q

from apps.core.actor import Actor
from apps.core.clock import now
from apps.verticals.workshop.models import JobCard

S = JobCard.State


def is_mine(actor: Actor) -> Q:
    """Cards that the actor advises on."""
    return Q(advisor_id=actor.user_id)


def is_late(_actor: Actor) -> Q:
    """Promised for a time that is over, and not ready."""
    return Q(promised_at__lt=now()) & ~Q(state__in=[S.COMPLETED, S.DELIVERED, S.CANCELLED])
