"""Whether an answer proves what it should: codes of an authenticator app, recovery codes, answers of passkeys.

Each proof is good once. The caller holds a transaction; the factor's row is locked, so of two equal answers at the same
moment one is right and the other is not.
"""

import hmac
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from apps.core.clock import now
from apps.platform.accounts.models import User
from apps.platform.accounts.services.second_factor.factors import PASSKEY, RECOVERY_CODE, TOTP, lock_factor
from apps.platform.accounts.services.second_factor.webauthn import is_right_answer

PERIOD = 30
# One step to each side: clocks of phones are half a minute wrong now and then.
TOLERANCE = 1


def is_right(user: User, method: str, answer: Any, *, challenge: str = "", origin: str = "") -> bool:
    """Whether `answer` (a code, or what the browser says for a passkey) is right now, and uses it up."""
    if method == PASSKEY:
        return isinstance(answer, dict) and is_right_answer(user, answer, challenge=challenge, origin=origin)
    if not isinstance(answer, str):
        return False
    code = "".join(answer.split())
    if method == TOTP:
        return _use_totp(user, code)
    return method == RECOVERY_CODE and _use_recovery_code(user, code.replace("-", ""))


def find_counter(secret: str, code: str, *, after: int = -1) -> int | None:
    """The time step (RFC 6238) whose code this is, of the present one and its neighbours, if it is later than `after`."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    present = int(time.time()) // PERIOD
    for counter in range(present - TOLERANCE, present + TOLERANCE + 1):
        expected = format_hotp_value(hotp_value(secret, counter))
        if counter > after and hmac.compare_digest(expected, code):
            return counter
    return None


def _use_totp(user: User, code: str) -> bool:
    """A code is good once: steps up to the last one that was used are over (RFC 6238, 5.2)."""
    factor = lock_factor(user, Authenticator.Type.TOTP)
    if factor is None:
        return False
    counter = find_counter(decrypt(factor.data["secret"]), code, after=factor.data.get("last_counter", -1))
    if counter is None:
        return False
    factor.data["last_counter"], factor.last_used_at = counter, now()
    factor.save(update_fields=["data", "last_used_at"])
    return True


def _use_recovery_code(user: User, code: str) -> bool:
    factor = lock_factor(user, Authenticator.Type.RECOVERY_CODES)
    if factor is None or not RecoveryCodes(factor).validate_code(code):
        return False
    Authenticator.objects.filter(pk=factor.pk).update(last_used_at=now())
    return True
