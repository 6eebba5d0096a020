"""Which factors a person has and whether they need one. Kept in the tables of allauth.mfa, secrets encrypted."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator

from apps.platform.accounts.models import User
from apps.platform.system.settings import get_setting

TOTP = "totp"
PASSKEY = "passkey"
RECOVERY_CODE = "recovery_code"
METHODS = (PASSKEY, TOTP, RECOVERY_CODE)
SECOND_STEP, ENROLMENT = "second_step", "enrolment"
STAFF_SETTING = "security.staff_second_factor"
_TYPES = {
    Authenticator.Type.WEBAUTHN: PASSKEY,
    Authenticator.Type.TOTP: TOTP,
    Authenticator.Type.RECOVERY_CODES: RECOVERY_CODE,
}
_demands: list[Callable[[User], bool]] = []


def methods_of(user: User) -> list[str]:
    """How this person can take the second step, the strongest way first; empty without a factor."""
    rows = Authenticator.objects.filter(user=user).values_list("type", flat=True).distinct()
    found = {_TYPES[Authenticator.Type(kind)] for kind in rows}
    return [method for method in METHODS if method in found] if found - {RECOVERY_CODE} else []


def has_factor(user: User) -> bool:
    """Whether the person has a factor; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def demand_when(check: Callable[[User], bool]) -> None:
    """Lets an app above say for whom a second factor is a must."""
    if check not in _demands:
        _demands.append(check)


def is_demanded_of_staff(user: Any) -> bool:
    """Whether the platform's own people need one and this is one of them."""
    return bool((user.is_staff or user.is_superuser) and get_setting(STAFF_SETTING))


def is_demanded(user: User) -> bool:
    """Whether this person must have a factor, by the rules of the platform or of a company they work for."""
    return is_demanded_of_staff(user) or any(check(user) for check in _demands)


def is_needed(user: User) -> bool:
    """Whether the log-in of this person is not done with one step."""
    return has_factor(user) or is_demanded(user)


def next_step(user: User) -> str:
    """What follows the first step: SECOND_STEP, ENROLMENT (they must have a factor and have none), or nothing."""
    if has_factor(user):
        return SECOND_STEP
    return ENROLMENT if is_demanded(user) else ""


def lock_factor(user: User, kind: str) -> Authenticator | None:
    """The one factor of that kind, locked; None without one. Must be called inside a transaction."""
    return Authenticator.objects.select_for_update().filter(user=user, type=kind).first()


def parse_number(text: object) -> int:
    """The key of a row in the library's tables, which are numbered from 1; 0 for anything that is no number."""
    word = str(text)
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 18 else 0
