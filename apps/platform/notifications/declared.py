"""What this app declares: the job that sends a mailing, and which files its messages carry."""

from django.utils.translation import gettext_lazy as _

from apps.platform.files.retention import register_use
from apps.platform.notifications.services import bulk, bulk_run
from apps.platform.notifications.services.forget import files_of_deliveries
from apps.platform.system.jobs import declare_job

# So many mailings go out at the same time; the next one waits for the end of one of them. Their breaks hold no worker.
MAILINGS_AT_ONCE = 3

declare_job(
    bulk.JOB,
    bulk_run.run_mailing,
    label=_("Mailing"),
    at_once=MAILINGS_AT_ONCE,
    stopped=bulk.pause_without_job,
)
register_use(files_of_deliveries)
