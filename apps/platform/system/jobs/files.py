"""Files that jobs make: kept for a day, for the person who started the job alone."""

from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.crypto import keyed_hash
from apps.core.errors import NotFound
from apps.platform.organizations.models import Membership
from apps.platform.system.errors import FileExpired
from apps.platform.system.jobs.running import RunningJob
from apps.platform.system.models import JobRun

HOURS = 24
_FOLDER = "job-files"
_PURPOSE = "system.job_file"


def keep_file(job: RunningJob, content: IO[bytes], *, name: str, content_type: str) -> dict[str, Any]:
    """Stores what the job made and returns its result; an earlier try's file is replaced."""
    place = file_place(job.id)
    default_storage.delete(place)
    content.seek(0)
    default_storage.save(place, File(content))
    expires_at = now() + timedelta(hours=HOURS)
    return {
        "url": f"/account/jobs/{job.id}/file/",
        "label": _("Download %(name)s") % {"name": name},
        "file": {"name": name, "type": content_type, "expires_at": expires_at.isoformat()},
    }


def open_file(actor: Actor, job_id: UUID) -> tuple[IO[bytes], str, str]:
    """Content, name and kind of the file. Raises NotFound for somebody else's job and for one of a company in which they
    no longer work, FileExpired after a day."""
    job = JobRun.objects.filter(pk=job_id, user_id=actor.require_user(), state=JobRun.State.DONE).first()
    file = job.result.get("file") if job is not None and isinstance(job.result, dict) else None
    if job is None or file is None or not _is_still_theirs(actor, job):
        raise NotFound
    place = file_place(job.pk)
    if datetime.fromisoformat(file["expires_at"]) <= now() or not default_storage.exists(place):
        raise FileExpired
    return default_storage.open(place, "rb"), file["name"], file["type"]


def forget_files(*, before: datetime) -> int:
    """Deletes files that ran out before the moment; returns how many. The jobs stay, without a link."""
    count = 0
    for job in JobRun.objects.filter(result__file__isnull=False).order_by("pk").iterator():
        result: Any = job.result
        if datetime.fromisoformat(result["file"]["expires_at"]) < before:
            default_storage.delete(file_place(job.pk))
            JobRun.objects.filter(pk=job.pk).update(result={})
            count += 1
    return count


def file_place(job_id: UUID) -> str:
    """Where it lies: no name in the storage can be guessed from an address."""
    return f"{_FOLDER}/{keyed_hash(str(job_id), _PURPOSE)}"


def _is_still_theirs(actor: Actor, job: JobRun) -> bool:
    if job.organization_id is None or actor.is_platform_staff:
        return True
    rows = Membership.objects.active().filter(user_id=actor.require_user(), organization_id=job.organization_id)
    return rows.exists()
