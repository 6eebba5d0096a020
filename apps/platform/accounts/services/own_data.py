"""Everything that is held about a person, put together for themselves: one JSON file per app in a zip."""

import io
import json
import secrets
import zipfile
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any
from uuid import UUID

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.platform.accounts.errors import ExportTooSoon, LinkExpired
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import AccessLink, User
from apps.platform.accounts.privacy import COLLECTORS, prepare_for
from apps.platform.accounts.services.owner import lock_owner
from apps.platform.audit.services import record
from apps.platform.notifications.services import notify_users
from apps.platform.system.jobs import RunningJob, declare_job, start_job
from apps.platform.system.models import JobRun

DAYS = 7
PAUSE = timedelta(minutes=10)
JOB = "accounts.own_data"
_FOLDER = "own-data"


@transaction.atomic
def request_own_data(actor: Actor) -> JobRun:
    """Has the actor's data put together in the background; a message brings the link. Raises ExportTooSoon (429)."""
    user = lock_owner(actor)
    _pause(user)
    record(actor, "user.data_exported", user, label=str(user.pk))
    return start_job(actor, JOB, label=str(_("Download of own data")))


def run_own_data(job: RunningJob) -> dict[str, Any]:
    """The job: builds the zip, keeps it for 7 days, tells its owner. A second run makes one more download, no harm."""
    user = User.objects.filter(pk=job.user_id, is_active=True).first() if job.user_id else None
    if user is None:
        raise NotFound
    job.report(5)
    content = build_own_data(user)
    job.report(80)
    link = keep_own_data(user, content)
    url = download_path(link.pk)
    notify_users(
        "user.data_ready",
        [user],
        organization_id=None,
        context={"days": DAYS},
        dedupe=f"user.data_ready:{link.pk}",
        url="/account/privacy/",
    )
    return {"url": url, "label": str(_("Download of own data"))}


@transaction.atomic
def download_own_data(actor: Actor) -> bytes:
    """The zip made now, for apps. Raises ExportTooSoon as `request_own_data` does."""
    user = lock_owner(actor)
    _pause(user)
    record(actor, "user.data_downloaded", user, label=str(user.pk))
    return build_own_data(user)


def build_own_data(user: User) -> bytes:
    """A zip with `<app>.json` for every app that holds something about `user`, and a readme."""
    prepare_for(user)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for app, collect in sorted(COLLECTORS.items()):
            if found := collect(user):
                text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
                archive.writestr(f"{app}.json", text)
        if user.avatar:
            with user.avatar.open("rb") as picture:
                archive.writestr("picture.webp", picture.read())
    return buffer.getvalue()


@transaction.atomic
def keep_own_data(user: User, content: bytes) -> AccessLink:
    """Stores the zip for 7 days, for its owner alone."""
    link = AccessLink.objects.create(
        token_hash=hash_token(secrets.token_urlsafe(24)),
        purpose=AccessLink.Purpose.DATA_DOWNLOAD,
        subject_id=user.pk,
        expires_at=now() + timedelta(days=DAYS),
    )
    default_storage.save(file_name(link.pk), ContentFile(content))
    return link


@transaction.atomic
def open_own_data(actor: Actor, link_id: UUID) -> IO[bytes]:
    """The zip behind one of the actor's own downloads. Raises NotFound for anybody else's, LinkExpired after 7 days."""
    own = AccessLink.objects.filter(purpose=AccessLink.Purpose.DATA_DOWNLOAD, subject_id=actor.require_user())
    link = own.filter(pk=link_id).first()
    if link is None or actor.kind not in (ActorKind.USER, ActorKind.CUSTOMER):
        raise NotFound
    if link.revoked_at or link.expires_at <= now() or not default_storage.exists(file_name(link.pk)):
        raise LinkExpired
    link.last_used_at = now()
    link.save(update_fields=["last_used_at"])
    record(actor, "user.data_downloaded", User(pk=actor.user_id), label=str(actor.user_id))
    return default_storage.open(file_name(link.pk), "rb")


def find_running_job(actor: Actor, name: str = JOB) -> JobRun | None:
    """The job that puts the actor's data together at this moment (or another one of theirs), if there is one."""
    states = (JobRun.State.QUEUED, JobRun.State.RUNNING)
    rows = JobRun.objects.filter(name=name, state__in=states).order_by("-pk")
    return rows.filter(user_id=actor.user_id).first() if actor.user_id else None


def list_downloads(actor: Actor) -> QuerySet[AccessLink]:
    """The actor's own downloads that are still good, newest first."""
    links = AccessLink.objects.filter(purpose=AccessLink.Purpose.DATA_DOWNLOAD, revoked_at__isnull=True)
    own = links.filter(subject_id=actor.user_id) if actor.user_id else links.none()
    return own.filter(expires_at__gt=now()).order_by("-pk")


def forget_own_data(*, before: datetime) -> int:
    """Deletes the files and links of downloads that ran out before that moment; returns how many."""
    return delete_downloads(AccessLink.objects.filter(purpose=AccessLink.Purpose.DATA_DOWNLOAD, expires_at__lt=before))


def delete_downloads(links: QuerySet[AccessLink]) -> int:
    """Deletes downloads with their files."""
    ids = list(links.values_list("pk", flat=True))
    AccessLink.objects.filter(pk__in=ids).delete()
    for link_id in ids:
        transaction.on_commit(partial(default_storage.delete, file_name(link_id)))
    return len(ids)


def file_name(link_id: UUID) -> str:
    """Where the zip lies. Nothing in the storage says whose it is, and no address but ours gives it out."""
    return f"{_FOLDER}/{hash_token(str(link_id))}.zip"


def download_path(link_id: UUID) -> str:
    return f"/account/privacy/data/{link_id}/"


def _pause(user: User) -> None:
    if not cache.add(f"own-data:{user.pk}", "asked", int(PAUSE.total_seconds())):
        raise ExportTooSoon(details={"retry_after": int(PAUSE.total_seconds())})


declare_job(JOB, run_own_data, label=_("Download of own data"), at_once=2)
