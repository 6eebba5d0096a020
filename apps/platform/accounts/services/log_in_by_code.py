"""Logging in by a one-time code instead of a password. A right code also proves the address that it was sent to."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.clock import now
from apps.core.errors import BadInput, BusinessError
from apps.platform.accounts.errors import CodeExpired, LogInBlocked
from apps.platform.accounts.models import OneTimeCode, User
from apps.platform.accounts.phones import find_phone
from apps.platform.accounts.selectors import clean_identifier
from apps.platform.accounts.services.attempts import (
    BLOCKED,
    Attempt,
    KnownDevice,
    calculate_attempt_wait,
    lock_pair,
    note_attempt,
)
from apps.platform.accounts.services.codes import lock_latest, request_code, try_code
from apps.platform.accounts.services.log_in import pass_first_step

METHOD = "code"


def request_log_in_code(identifier: str, *, ip: str | None = None) -> OneTimeCode:
    """Asks for a code to log in with. Raises BadInput for what is neither email nor phone, and what `request_code` does."""
    return request_code(purpose=OneTimeCode.Purpose.LOGIN_2FA, address=read_address(identifier), ip=ip)


def log_in_by_code(
    identifier: str, code: str, *, ip: str | None = None, user_agent: str = "", device: KnownDevice | None = None
) -> User:
    """The user to whom this code was sent; the first step of their log-in is done.

    Raises WrongCode and CodeExpired, alike for addresses that nobody has, and LogInBlocked as `log_in` does.
    """
    attempt = Attempt(read_address(identifier), ip, user_agent[:400], METHOD, device)
    with transaction.atomic():
        lock_pair(attempt)
        answer = _check(attempt, code)
    if isinstance(answer, BusinessError):
        raise answer
    return answer


def read_address(identifier: str) -> str:
    """The email address or phone number in one spelling. Raises BadInput for anything else."""
    text = clean_identifier(identifier)
    address = text if "@" in text else find_phone(text)
    if not address:
        raise BadInput(field="identifier", errors={"identifier": [_("Give an email address or a phone number.")]})
    return address


def mark_proven(user: User, address: str) -> None:
    """The person can read what is sent to `address`: notes the first time."""
    name = "email_verified_at" if "@" in address else "phone_verified_at"
    if getattr(user, name) is None:
        setattr(user, name, now())
        user.save(update_fields=[name, "updated_at"])


def has_address(user: User, address: str) -> bool:
    """Whether the account still goes by the address that a code was sent to."""
    return address in ((user.email or "").lower(), user.phone)


def _check(attempt: Attempt, code: str) -> User | BusinessError:
    rows = OneTimeCode.objects.filter(purpose=OneTimeCode.Purpose.LOGIN_2FA, address=attempt.identifier)
    row = lock_latest(rows.select_related("user"))
    user = row.user if row else None
    wait = calculate_attempt_wait(attempt, user)
    if wait:
        note_attempt(attempt, user, reason=BLOCKED)
        return LogInBlocked(details={"retry_after": wait})
    refusal = try_code(row, code)
    if user is None or refusal is not None:
        note_attempt(attempt, user, reason=refusal.rule if refusal else "unknown")
        return refusal or CodeExpired(field="code")
    if not user.is_active or not has_address(user, attempt.identifier):
        note_attempt(attempt, user, reason="inactive")
        return CodeExpired(field="code")
    mark_proven(user, attempt.identifier)
    pass_first_step(attempt, user)
    return user
