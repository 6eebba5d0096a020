"""Long jobs tell staff how far they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.core.clock import now
from apps.platform.system.models import JobRun


def queue_job(name: str) -> JobRun:
    """A job that waits for its worker."""
    return JobRun.objects.create(name=name)


def report_progress(job: JobRun, percent: int) -> None:
    """Sets the progress, 0 to 100."""
    job.progress = max(0, min(100, percent))
    job.save(update_fields=["progress"])


@contextmanager
def run_job(job: JobRun) -> Iterator[JobRun]:
    """Marks the job running, then done; a failure is kept on the job and raised on."""
    job.state, job.error, job.attempts = JobRun.State.RUNNING, "", job.attempts + 1
    job.save(update_fields=["state", "error", "attempts"])
    try:
        yield job
    except Exception as error:
        job.state, job.error, job.finished_at = JobRun.State.FAILED, f"{type(error).__name__}: {error}"[:2000], now()
        job.save(update_fields=["state", "error", "finished_at"])
        raise
    job.state, job.progress, job.finished_at = JobRun.State.DONE, 100, now()
    job.save(update_fields=["state", "progress", "finished_at"])
