"""Tries to prove who one is. Every try is written down, and the tries themselves say how long the next one must wait.

Nothing but the table of tries is asked, so the limits hold while Redis is away. Failures count for the pair of account
and address: whoever guesses at an account makes only themselves wait, never its owner at another address. A browser in
which the owner was logged in before has a count of its own, so that somebody who fails on purpose in a company's own
network locks nobody out of their own device.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

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
class KnownDevice:
    """A browser and the people who logged in with it before; without `id` one that nobody was seen with."""

    id: str = ""
    user_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to log in, with where it came from; `device` is None for doors that do not recognise devices."""

    identifier: str
    ip: str | None
    user_agent: str
    method: str
    device: KnownDevice | None = None

    def device_of(self, user: User | None) -> str:
        """The device's id when the person logged in with it before."""
        is_theirs = self.device is not None and user is not None and user.pk in self.device.user_ids
        return self.device.id if self.device is not None and is_theirs else ""


def admit(attempt: Attempt, user: User) -> None:
    """Notes that the person is in, all steps done, and tells them when the device is new."""
    is_new_device = _is_new_device(attempt, user)
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


def calculate_attempt_wait(attempt: Attempt, user: User | None = None) -> int:
    """Seconds until this account may be tried from this device or address again; 0 when now."""
    moment = now()
    device = attempt.device_of(user)
    source = {"device": device} if device else {"device": "", "ip": attempt.ip}
    tries = LoginHistory.objects.filter(**source)
    failures = tries.filter(succeeded=False, created_at__gt=moment - WINDOW).exclude(reason__in=_NO_FAILURES)
    own = tries.filter(identifier=attempt.identifier)
    last_good = own.filter(succeeded=True).values_list("created_at", flat=True).first()
    of_pair = failures.filter(identifier=attempt.identifier).values_list("created_at", flat=True)
    wait = calculate_wait([at for at in of_pair if last_good is None or at > last_good], moment)
    if device or not attempt.ip:
        return wait
    of_address = failures.aggregate(count=Count("pk"), oldest=Min("created_at"))
    return max(wait, calculate_address_wait(of_address["count"], of_address["oldest"], moment))


def _is_new_device(attempt: Attempt, user: User) -> bool:
    """Never before: this program; for a browser without the mark of an earlier log-in, this program at this address."""
    earlier = LoginHistory.objects.filter(user=user, succeeded=True)
    if attempt.device_of(user) or not earlier.exists():
        return False
    place = {} if attempt.device is None else {"ip": attempt.ip}
    return not earlier.filter(user_agent=attempt.user_agent, **place).exists()


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
        device=attempt.device_of(user),
    )


def lock_pair(attempt: Attempt) -> None:
    """Tries of one pair stand in a queue: a hundred at once are counted one after the other. So do those of a device."""
    places = [str(attempt.ip), *([f"device {attempt.device.id}"] if attempt.device and attempt.device.id else [])]
    with connection.cursor() as cursor:
        for place in places:
            digest = hashlib.sha256(f"{attempt.identifier}|{place}".encode()).digest()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
