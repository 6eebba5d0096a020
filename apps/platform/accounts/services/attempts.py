"""Tries to prove who one is. Every try is written down, and the tries themselves say how long the next one must wait.

Nothing but the table of tries is asked, so the limits hold while Redis is away. Failures count for the pair of account
and address: whoever guesses at an account makes only themselves wait, never its owner at another address.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Min

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.platform.accounts.events import LoggedInFromNewDevice
from apps.platform.accounts.models import LoginHistory, User
from apps.platform.accounts.rules import WINDOW, calculate_address_wait, calculate_wait
from apps.platform.audit.services import record
from apps.platform.events.services import publish

BLOCKED = "blocked"
# The first step was right and the second one is still to come: neither a log-in nor a failure.
HALF_WAY = "second_step"
_NO_FAILURES = (BLOCKED, HALF_WAY)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to log in, with where it came from."""

    identifier: str
    ip: str | None
    user_agent: str
    method: str


def admit(attempt: Attempt, user: User) -> None:
    """Notes that the person is in, all steps done, and tells them when the device is new."""
    earlier = LoginHistory.objects.filter(user=user, succeeded=True)
    is_new_device = earlier.exists() and not earlier.filter(user_agent=attempt.user_agent).exists()
    entry = note_attempt(attempt, user)
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


def calculate_attempt_wait(attempt: Attempt) -> int:
    """Seconds until this account may be tried from this address again; 0 when now."""
    moment = now()
    recent = LoginHistory.objects.filter(succeeded=False, created_at__gt=moment - WINDOW).exclude(
        reason__in=_NO_FAILURES
    )
    pair = LoginHistory.objects.filter(identifier=attempt.identifier, ip=attempt.ip)
    last_good = pair.filter(succeeded=True).values_list("created_at", flat=True).first()
    failures = recent.filter(identifier=attempt.identifier, ip=attempt.ip).values_list("created_at", flat=True)
    of_pair = [at for at in failures if last_good is None or at > last_good]
    of_address = recent.filter(ip=attempt.ip).aggregate(count=Count("pk"), oldest=Min("created_at"))
    return max(
        calculate_wait(of_pair, moment),
        calculate_address_wait(of_address["count"], of_address["oldest"], moment) if attempt.ip else 0,
    )


def note_attempt(attempt: Attempt, user: User | None, *, reason: str = "") -> LoginHistory:
    """Writes the try down: good without a `reason`."""
    return LoginHistory.objects.create(
        user=user,
        identifier=attempt.identifier,
        method=attempt.method,
        succeeded=not reason,
        reason=reason,
        ip=attempt.ip,
        user_agent=attempt.user_agent,
    )


def lock_pair(attempt: Attempt) -> None:
    """Tries of one pair stand in a queue: a hundred at once are counted one after the other."""
    digest = hashlib.sha256(f"{attempt.identifier}|{attempt.ip}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
