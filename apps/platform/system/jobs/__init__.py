"""Long background jobs: declared by apps, started by people, with progress, limits, and another try after a lost worker.

An app declares a kind at start: `declare_job("accounts.own_data", run, label=_("Download of own data"), at_once=2)`.
`run(job)` works with `job.arguments`, tells `job.report(percent, text)` and returns what is kept as the result
(`{"url": …, "label": …}` is shown as a link). It may run again after a lost worker, so it must bear repetition.
With nothing to do for a while it returns `ComeBack(seconds)` and is called again then, without holding a worker.
"""

from apps.platform.system.jobs.commands import cancel_job, retry_job, start_job
from apps.platform.system.jobs.files import keep_file, open_file
from apps.platform.system.jobs.registry import JOBS, JobKind, declare_job
from apps.platform.system.jobs.running import ComeBack, JobStopped, RunningJob

__all__ = [
    "JOBS",
    "ComeBack",
    "JobKind",
    "JobStopped",
    "RunningJob",
    "cancel_job",
    "declare_job",
    "keep_file",
    "open_file",
    "retry_job",
    "start_job",
]
