"""Forgetting a person: nothing personal is kept anywhere, books and documents of money stay."""

from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.db import lock_row
from apps.core.errors import NotAllowed, NotFound
from apps.platform.accounts.errors import AlreadyErased
from apps.platform.accounts.events import UserErased
from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, find_traces, list_erasers, prepare_for
from apps.platform.accounts.scrubbing import Words, allow_erasing
from apps.platform.accounts.services.owner import check_own_password, lock_owner
from apps.platform.audit.services import record
from apps.platform.events.services import publish


@transaction.atomic
def erase_own_account(actor: Actor, *, password: str) -> None:
    """Forgets the actor for good: every app overwrites what it holds, all sessions end, email and phone are free again.

    Raises WrongPassword, PasswordMissing, and what an app has against it (the last owner of a company: LastOwner).
    """
    user = lock_owner(actor)
    check_own_password(user, password)
    # The line that tells of it must not name them anew.
    _erase(Actor(kind=actor.kind, user_id=user.pk, request_id=actor.request_id), user, on_request=False)


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
    if (found.is_staff or found.is_superuser) and not actor.can("*"):
        raise NotAllowed
    _erase(actor, lock_row(found), on_request=True)


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
