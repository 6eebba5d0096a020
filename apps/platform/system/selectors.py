"""Reading jobs."""

from django.db.models import QuerySet

from apps.core.actor import Actor
from apps.core.errors import NotAllowed
from apps.platform.system.models import JobRun


def list_own_jobs(actor: Actor) -> QuerySet[JobRun]:
    """The jobs that the person started, newest first."""
    if actor.user_id is None:
        return JobRun.objects.none()
    return JobRun.objects.filter(user_id=actor.user_id).order_by("-id")


def list_all_jobs(actor: Actor) -> QuerySet[JobRun]:
    """Every job, newest first. Raises NotAllowed for everybody but platform staff."""
    if not actor.is_platform_staff:
        raise NotAllowed
    return JobRun.objects.select_related("organization", "user").order_by("-id")
