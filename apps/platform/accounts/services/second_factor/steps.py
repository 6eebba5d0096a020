"""The second step of a log-in: a ticket after the first one, good once and for five minutes, and the proof against it."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.crypto import decrypt, encrypt
from apps.core.errors import BusinessError
from apps.platform.accounts.errors import LogInBlocked
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import LoginHistory, SecondStep, User
from apps.platform.accounts.rules import WINDOW
from apps.platform.accounts.second_factor.errors import StepExpired, WrongProof
from apps.platform.accounts.selectors import normalize_identifier
from apps.platform.accounts.services.attempts import (
    BLOCKED,
    Attempt,
    KnownDevice,
    admit,
    calculate_attempt_wait,
    lock_pair,
    note_attempt,
)
from apps.platform.accounts.services.second_factor.confirm import identifier_of
from apps.platform.accounts.services.second_factor.factors import METHODS, RECOVERY_CODE
from apps.platform.accounts.services.second_factor.proofs import is_right
from apps.platform.accounts.services.second_factor.set_up import PURPOSE, tell_recovery_code_used
from apps.platform.accounts.services.second_factor.webauthn import ask_for_proof

TICKET_GOOD_FOR = timedelta(minutes=5)
# Whoever stands here knows the password already; from many addresses together they may guess no more than this.
ACCOUNT_LIMIT = 30


def begin(
    user: User,
    *,
    method: str = "password",
    identifier: str = "",
    ip: str | None = None,
    user_agent: str = "",
    device: str = "",
) -> str:
    """The ticket for the second step of a log-in whose first step (`method`) was right. It is shown only now."""
    ticket = secrets.token_urlsafe(32)
    SecondStep.objects.create(
        user=user,
        purpose=SecondStep.Purpose.LOG_IN,
        token_hash=hash_token(ticket),
        identifier=normalize_identifier(identifier) or identifier_of(user),
        method=method,
        device=device[:120],
        ip=ip,
        user_agent=user_agent[:400],
        expires_at=now() + TICKET_GOOD_FOR,
    )
    return ticket


def find_step(ticket: str, *, ip: str | None, user_agent: str) -> SecondStep:
    """The log-in that waits behind a ticket, read by the device that began it. Raises StepExpired."""
    step = _steps(ticket).first()
    if step is None or not _is_good(step, ip, user_agent):
        raise StepExpired
    return step


@transaction.atomic
def ask_passkey(ticket: str, *, ip: str | None, user_agent: str, origin: str) -> dict[str, Any]:
    """What the browser needs to answer with a passkey. Raises StepExpired."""
    step = _steps(ticket).select_for_update(of=("self",)).first()
    if step is None or not _is_good(step, ip, user_agent):
        raise StepExpired
    options, challenge = ask_for_proof(step.user, origin=origin)
    step.secret = encrypt(challenge, PURPOSE)
    step.save(update_fields=["secret"])
    return options


def finish(
    ticket: str,
    method: str,
    answer: Any,
    *,
    ip: str | None = None,
    user_agent: str = "",
    origin: str = "",
    device: KnownDevice | None = None,
) -> SecondStep:
    """The log-in is done: its `user` is in, on its `device`. The ticket is used up.

    Raises StepExpired for a dead ticket or another device, WrongProof, and LogInBlocked after too many wrong answers,
    which count together with wrong passwords.
    """
    with transaction.atomic():
        outcome = _finish(ticket, Attempt("", ip, user_agent[:400], method, device), answer, origin)
    # Raised outside, because the line about the failed try must stay.
    if isinstance(outcome, BusinessError):
        raise outcome
    return outcome


def forget_steps(*, before: datetime) -> int:
    """Deletes steps that ran out before that moment; returns how many."""
    return SecondStep.objects.filter(expires_at__lt=before).delete()[0]


def _finish(ticket: str, origin_of_try: Attempt, answer: Any, origin: str) -> SecondStep | BusinessError:
    step = _steps(ticket).select_for_update(of=("self",)).first()
    ip, user_agent = origin_of_try.ip, origin_of_try.user_agent
    if step is None or origin_of_try.method not in METHODS or not _is_good(step, ip, user_agent):
        return StepExpired()
    attempt = replace(origin_of_try, identifier=step.identifier)
    lock_pair(attempt)
    if wait := max(calculate_attempt_wait(attempt, step.user), _calculate_account_wait(step.user)):
        note_attempt(attempt, step.user, reason=BLOCKED)
        return LogInBlocked(details={"retry_after": wait})
    challenge = decrypt(step.secret, PURPOSE) if step.secret else ""
    # One challenge, one answer: the next try needs a new one.
    step.secret = None
    if not is_right(step.user, attempt.method, answer, challenge=challenge, origin=origin):
        step.tries += 1
        step.used_at = now() if step.tries >= SecondStep.MAX_TRIES else None
        step.save(update_fields=["tries", "used_at", "secret"])
        note_attempt(attempt, step.user, reason="wrong_second_factor")
        return WrongProof()
    step.used_at = now()
    step.save(update_fields=["used_at", "secret"])
    admit(attempt, step.user)
    if attempt.method == RECOVERY_CODE:
        tell_recovery_code_used(_actor(step.user, attempt), step.user)
    return step


def _steps(ticket: str) -> Any:
    rows = SecondStep.objects.select_related("user")
    return rows.filter(token_hash=hash_token(ticket), purpose=SecondStep.Purpose.LOG_IN)


def _is_good(step: SecondStep, ip: str | None, user_agent: str) -> bool:
    is_alive = step.used_at is None and step.expires_at > now() and step.user.is_active
    return is_alive and step.ip == ip and step.user_agent == user_agent[:400]


def _calculate_account_wait(user: User) -> int:
    moment = now()
    wrong = LoginHistory.objects.filter(
        user=user, reason="wrong_second_factor", created_at__gt=moment - WINDOW
    ).order_by("created_at")
    times = list(wrong.values_list("created_at", flat=True))
    if len(times) < ACCOUNT_LIMIT:
        return 0
    return max(1, int((times[0] + WINDOW - moment).total_seconds()) + 1)


def _actor(user: User, attempt: Attempt) -> Actor:
    return Actor(
        kind=ActorKind.USER, user_id=user.pk, name=user.full_name, ip=attempt.ip, user_agent=attempt.user_agent
    )
