"""Jobs that platform staff start in the staff CMS."""

from apps.core.actor import Actor, system_actor
from apps.core.errors import NotAllowed, NotFound
from apps.platform.audit.services import record
from apps.platform.system.jobs import JOBS, JobKind, start_job
from apps.platform.system.models import JobRun


def list_buttons() -> list[JobKind]:
    """The kinds that were declared with a button."""
    return [kind for kind in JOBS.values() if kind.button]


def start_by_hand(actor: Actor, name: str) -> JobRun:
    """Starts one of them; a second start while it waits or runs gives the first one.

    The job belongs to the platform, not to the person: it may outlive their account. Raises NotAllowed for everybody but
    platform staff, NotFound for a kind without a button.
    """
    if not actor.is_platform_staff:
        raise NotAllowed
    if name not in {kind.name for kind in list_buttons()}:
        raise NotFound
    running = JobRun.objects.filter(name=name, state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING]).first()
    if running is not None:
        return running
    job = start_job(system_actor(), name, label=actor.name)
    record(actor, "job.started", job, data={"label": str(JOBS[name].label)}, is_platform=True)
    return job
