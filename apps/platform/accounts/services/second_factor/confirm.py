"""Proving anew who one is before the keys of the account change: a stolen session alone must not be enough."""

from datetime import timedelta

from django.db import transaction

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import BusinessError, NotFound
from apps.platform.accounts.errors import LogInBlocked, WrongPassword
from apps.platform.accounts.models import User, UserSession
from apps.platform.accounts.second_factor.errors import ConfirmationRequired
from apps.platform.accounts.services.attempts import (
    BLOCKED,
    Attempt,
    calculate_attempt_wait,
    lock_pair,
    note_attempt,
)

GOOD_FOR = timedelta(minutes=5)


def is_recently_confirmed(actor: Actor) -> bool:
    """Whether the person proved on this device within the last five minutes who they are (a log-in counts)."""
    if actor.session_id is None:
        return False
    return UserSession.objects.filter(pk=actor.session_id, confirmed_at__gt=now() - GOOD_FOR).exists()


def check_recently_confirmed(actor: Actor) -> None:
    """Raises ConfirmationRequired when the last proof is older than five minutes."""
    if not is_recently_confirmed(actor):
        raise ConfirmationRequired


def confirm_password(actor: Actor, *, password: str) -> None:
    """Proves with the password that the person at this device is the owner; good for five minutes.

    Wrong ones count like failed log-ins. Raises WrongPassword, LogInBlocked.
    """
    user = get_owner(actor)
    attempt = Attempt(identifier_of(user), actor.ip, actor.user_agent, "confirm")
    with transaction.atomic():
        lock_pair(attempt)
        refusal = _check(attempt, user, password)
        if refusal is None and actor.session_id is not None:
            UserSession.objects.filter(pk=actor.session_id, user=user).update(confirmed_at=now())
    if refusal is not None:
        raise refusal


def identifier_of(user: User) -> str:
    """The name under which tries of a person are counted who typed none."""
    return user.email or user.phone or str(user.pk)


def _check(attempt: Attempt, user: User, password: str) -> BusinessError | None:
    if wait := calculate_attempt_wait(attempt):
        note_attempt(attempt, user, reason=BLOCKED)
        return LogInBlocked(details={"retry_after": wait})
    if not user.check_password(password):
        note_attempt(attempt, user, reason="wrong_password")
        return WrongPassword(field="password")
    return None


def get_owner(actor: Actor) -> User:
    """The actor's own row; raises NotFound for those who are not logged in."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None:
        raise NotFound
    return user
