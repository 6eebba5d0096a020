"""Checking who somebody is. Every try is written down, and the tries themselves say how long the next one must wait.

Nothing but the table of tries is asked, so the limits hold while Redis is away. Failures count for the pair of account
and address: whoever guesses at an account makes only themselves wait, never its owner at another address.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Min

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.errors import BadCredentials, BusinessError
from apps.platform.accounts.errors import LogInBlocked
from apps.platform.accounts.events import LoggedInFromNewDevice
from apps.platform.accounts.models import LoginHistory, User
from apps.platform.accounts.rules import WINDOW, calculate_address_wait, calculate_wait
from apps.platform.accounts.selectors import find_user, normalize_identifier
from apps.platform.audit.services import record
from apps.platform.events.services import publish

BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to log in, with where it came from."""

    identifier: str
    ip: str | None
    user_agent: str
    method: str


def log_in(
    identifier: str, password: str, *, ip: str | None = None, user_agent: str = "", method: str = "password"
) -> User:
    """The user with this email or phone and password.

    Raises BadCredentials, the same and after the same work for unknown accounts, wrong passwords and closed accounts,
    and LogInBlocked (`details.retry_after` seconds) for an account and address, or an address, that failed too often.
    """
    attempt = Attempt(normalize_identifier(identifier), ip, user_agent[:400], method)
    with transaction.atomic():
        _lock_pair(attempt)
        answer = _check(attempt, password)
    # Raised outside, because the line about the failed try must stay.
    if isinstance(answer, BusinessError):
        raise answer
    return answer


def _check(attempt: Attempt, password: str) -> User | BusinessError:
    user = find_user(attempt.identifier)
    wait = _calculate_wait(attempt)
    if wait:
        _note(attempt, user, reason=BLOCKED)
        return LogInBlocked(details={"retry_after": wait})
    reason = _reason_against(user, password)
    if user is None or reason:
        _note(attempt, user, reason=reason)
        return BadCredentials()
    _welcome(attempt, user)
    return user


def _reason_against(user: User | None, password: str) -> str:
    """Why not, or nothing. An unknown account costs one hash too, so that time tells nothing."""
    if user is None:
        User().set_password(password)
        return "unknown"
    if not user.check_password(password):
        return "wrong_password"
    return "" if user.is_active else "inactive"


def _welcome(attempt: Attempt, user: User) -> None:
    earlier = LoginHistory.objects.filter(user=user, succeeded=True)
    is_new_device = earlier.exists() and not earlier.filter(user_agent=attempt.user_agent).exists()
    entry = _note(attempt, user)
    actor = Actor(
        kind=ActorKind.USER,
        user_id=user.pk,
        name=user.full_name,
        language=user.language,
        ip=attempt.ip,
        user_agent=attempt.user_agent,
    )
    record(actor, "user.logged_in", user, data={"method": attempt.method})
    if is_new_device:
        event = LoggedInFromNewDevice(
            subject_id=user.pk,
            organization_id=None,
            log_in_id=entry.pk,
            at=entry.created_at.isoformat(),
            ip=attempt.ip or "",
            user_agent=attempt.user_agent,
        )
        publish(actor, event)


def _calculate_wait(attempt: Attempt) -> int:
    moment = now()
    recent = LoginHistory.objects.filter(succeeded=False, created_at__gt=moment - WINDOW).exclude(reason=BLOCKED)
    pair = LoginHistory.objects.filter(identifier=attempt.identifier, ip=attempt.ip)
    last_good = pair.filter(succeeded=True).values_list("created_at", flat=True).first()
    failures = recent.filter(identifier=attempt.identifier, ip=attempt.ip).values_list("created_at", flat=True)
    of_pair = [at for at in failures if last_good is None or at > last_good]
    of_address = recent.filter(ip=attempt.ip).aggregate(count=Count("pk"), oldest=Min("created_at"))
    return max(
        calculate_wait(of_pair, moment),
        calculate_address_wait(of_address["count"], of_address["oldest"], moment) if attempt.ip else 0,
    )


def _note(attempt: Attempt, user: User | None, *, reason: str = "") -> LoginHistory:
    return LoginHistory.objects.create(
        user=user,
        identifier=attempt.identifier,
        method=attempt.method,
        succeeded=not reason,
        reason=reason,
        ip=attempt.ip,
        user_agent=attempt.user_agent,
    )


def _lock_pair(attempt: Attempt) -> None:
    """Tries of one pair stand in a queue: a hundred at once are counted one after the other."""
    digest = hashlib.sha256(f"{attempt.identifier}|{attempt.ip}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
