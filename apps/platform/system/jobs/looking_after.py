"""Jobs whose worker was lost go on with another one; jobs whose wake-up was lost are woken."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.clock import now
from apps.platform.system.jobs.registry import tell_stopped
from apps.platform.system.jobs.running import BEAT_SECONDS, count_loss, wake_waiting
from apps.platform.system.jobs.waking import show
from apps.platform.system.models import JobRun

LOST_AFTER = timedelta(seconds=6 * BEAT_SECONDS)
# A job that takes its worker down again and again is not tried for ever.
MOST_LOSSES = 2


def look_after_jobs() -> int:
    """Queues jobs without a heartbeat anew, gives up those that lost too many workers; returns how many were lost."""
    with transaction.atomic():
        silent = Q(heartbeat_at__lt=now() - LOST_AFTER) | Q(heartbeat_at__isnull=True)
        lost = JobRun.objects.filter(silent, state=JobRun.State.RUNNING)
        rows = list(lost.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        ids = [row.pk for row in rows if row.losses < MOST_LOSSES]
        hopeless = [row.pk for row in rows if row.losses >= MOST_LOSSES]
        count_loss(JobRun.objects.filter(pk__in=ids), state=JobRun.State.QUEUED)
        count_loss(
            JobRun.objects.filter(pk__in=hopeless),
            state=JobRun.State.FAILED,
            error=_("Its worker was lost again and again."),
            finished_at=now(),
        )
        for row in JobRun.objects.filter(pk__in=hopeless):
            tell_stopped(row.name, row)
    for row in JobRun.objects.filter(pk__in=[*ids, *hopeless]):
        show(row)
    wake_waiting()
    return len(rows)
