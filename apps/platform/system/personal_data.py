"""Answers and jobs that were kept with a person's words in them."""

from apps.platform.accounts.privacy import LOGS, Erasure, register_eraser
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.system.models import IdempotencyRecord, JobRun


def erase(erasure: Erasure) -> None:
    """Jobs stay as figures; kept answers, which live for a day only, lose the person's words."""
    JobRun.objects.filter(user=erasure.user).update(label="", note="", arguments={}, result=None)
    scrub_rows(JobRun.objects.all(), ("label", "note", "arguments", "result", "error"), erasure.words)
    scrub_rows(IdempotencyRecord.objects.all(), ("body",), erasure.words)


register_eraser("system", erase, order=LOGS)
