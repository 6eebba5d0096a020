"""Checking who somebody is by name and password. How tries are counted: `attempts`."""

from django.db import transaction

from apps.core.errors import BadCredentials, BusinessError
from apps.platform.accounts.errors import LogInBlocked
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import find_user, normalize_identifier
from apps.platform.accounts.services.attempts import (
    BLOCKED,
    HALF_WAY,
    Attempt,
    KnownDevice,
    admit,
    calculate_attempt_wait,
    lock_pair,
    note_attempt,
)
from apps.platform.accounts.services.second_factor.factors import has_factor


def log_in(
    identifier: str,
    password: str,
    *,
    ip: str | None = None,
    user_agent: str = "",
    method: str = "password",
    device: KnownDevice | None = None,
) -> User:
    """The user with this email or phone and password. Whoever has a second factor is not in yet: the door asks for it.

    Raises BadCredentials, the same and after the same work for unknown accounts, wrong passwords and closed accounts,
    and LogInBlocked (`details.retry_after` seconds) for an account and address, or an address, that failed too often.
    """
    attempt = Attempt(normalize_identifier(identifier), ip, user_agent[:400], method, device)
    with transaction.atomic():
        lock_pair(attempt)
        answer = _check(attempt, password)
    # Raised outside, because the line about the failed try must stay.
    if isinstance(answer, BusinessError):
        raise answer
    return answer


def pass_first_step(attempt: Attempt, user: User) -> None:
    """Notes that the first step was right: the person is in, or half way when a second step follows.

    Half way starts no count anew: whoever knows the password must not guess codes without end.
    """
    if has_factor(user):
        note_attempt(attempt, user, reason=HALF_WAY)
    else:
        admit(attempt, user)


def _check(attempt: Attempt, password: str) -> User | BusinessError:
    user = find_user(attempt.identifier)
    wait = calculate_attempt_wait(attempt, user)
    if wait:
        note_attempt(attempt, user, reason=BLOCKED)
        return LogInBlocked(details={"retry_after": wait})
    reason = _reason_against(user, password)
    if user is None or reason:
        note_attempt(attempt, user, reason=reason)
        return BadCredentials()
    pass_first_step(attempt, user)
    return user


def _reason_against(user: User | None, password: str) -> str:
    """Why not, or nothing. An unknown account costs one hash too, so that time tells nothing."""
    if user is None:
        User().set_password(password)
        return "unknown"
    if not user.check_password(password):
        return "wrong_password"
    return "" if user.is_active else "inactive"
