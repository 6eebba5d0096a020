"""Forgetting a person: nothing personal is kept anywhere, books and documents of money stay."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, ActorKind
from apps.core.db import lock_row
from apps.core.errors import NotAllowed, NotFound
from apps.platform.accounts.errors import AlreadyErased
from apps.platform.accounts.events import UserErased
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, find_traces, list_erasers, prepare_for
from apps.platform.accounts.scrubbing import Words, allow_erasing
from apps.platform.accounts.services.own_data import find_running_job
from apps.platform.accounts.services.owner import check_own_password, lock_owner
from apps.platform.audit.models import AuditLog
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.system.jobs import RunningJob, declare_job, start_job
from apps.platform.system.models import JobRun

JOB = "accounts.erase"
# Lines of the log; scrubbing names out of more takes seconds.
MUCH = 5000


@transaction.atomic
def erase_own_account(actor: Actor, *, password: str) -> None:
    """Forgets the actor for good: every app overwrites what it holds, all sessions end, email and phone are free again.

    Raises WrongPassword, PasswordMissing, and what an app has against it (the last owner of a company: LastOwner).
    """
    user = lock_owner(actor)
    check_own_password(user, password)
    _erase(_nameless(actor), user, on_request=False)


@transaction.atomic
def ask_to_be_forgotten(actor: Actor, *, password: str) -> JobRun | None:
    """Forgets the actor at once (None), or in a job where there is much to look through; asked twice, it is one job.

    Refusals come at once either way: those of `erase_own_account`.
    """
    user = lock_owner(actor)
    check_own_password(user, password)
    if running := find_erasure(actor):
        return running
    if not _has_much(user):
        _erase(_nameless(actor), user, on_request=False)
        return None
    for eraser in list_erasers():
        eraser.check(user)
    return start_job(_nameless(actor), JOB, label=str(_("Deletion of the account")))


def run_erasure(job: RunningJob) -> dict[str, bool]:
    """The job. All of it is one transaction: a worker that dies leaves nothing half done, and a second run is none."""
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).filter(pk=job.user_id).first() if job.user_id else None
        if user is not None and user.erased_at is None:
            _erase(Actor(kind=ActorKind.USER, user_id=user.pk), user, on_request=False)
    return {"erased": True}


def find_erasure(actor: Actor) -> JobRun | None:
    """The job that forgets the actor at this moment, if there is one."""
    return find_running_job(actor, JOB)


@transaction.atomic
def erase_user(actor: Actor, user_id: UUID) -> None:
    """The same for somebody who asked the platform to be forgotten; for platform staff, and not for oneself.

    Raises NotAllowed, NotFound, AlreadyErased, and what an app has against it.
    """
    if not actor.is_platform_staff or user_id == actor.user_id:
        raise NotAllowed
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound
    if (found.is_staff or found.is_superuser) and not actor.administers_platform():
        raise NotAllowed
    _erase(actor, lock_row(found), on_request=True)


def _nameless(actor: Actor) -> Actor:
    """The line that tells of it must not name them anew."""
    return Actor(kind=actor.kind, user_id=actor.user_id, request_id=actor.request_id)


def _has_much(user: User) -> bool:
    """Whether the logs of the person and of the companies that know them are too long to be gone through at once."""
    companies = {trace.organization_id for trace in find_traces(user) if trace.organization_id}
    lines = AuditLog.objects.filter(Q(user=user) | Q(organization_id__in=companies)).order_by()
    return lines.values("pk")[:MUCH].count() >= MUCH


def _erase(actor: Actor, user: User, *, on_request: bool) -> None:
    if user.erased_at is not None:
        raise AlreadyErased
    prepare_for(user)
    erasers = list_erasers()
    for eraser in erasers:
        eraser.check(user)
    traces = find_traces(user)
    erasure = Erasure(
        user=user,
        words=Words(trace.text for trace in traces),
        email=user.email or "",
        phone=user.phone or "",
        organization_ids=frozenset(trace.organization_id for trace in traces if trace.organization_id),
    )
    allow_erasing()
    record(actor, "user.erased", user, label=str(user.pk), data={"on_request": on_request})
    publish(actor, UserErased(subject_id=user.pk, organization_id=None))
    for eraser in erasers:
        eraser.erase(erasure)


declare_job(JOB, run_erasure, label=_("Deletion of an account"))
