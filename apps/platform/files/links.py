"""Addresses of files: public ones never change, private ones are signed and run out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from apps.core.clock import now

FULL = "full"
SMALL = "small"
VARIANTS = (FULL, SMALL)
LIFETIME = timedelta(hours=1)
# Links made within the same quarter of an hour are equal, so that a redrawn page shows pictures from the cache.
_STEP_SECONDS = 15 * 60
_SALT = "files.link"


def sign(file_id: UUID, variant: str, *, at: datetime | None = None) -> str:
    """`<expiry>-<signature>`, good for 1 h to 1 h 15 min from `at` (default: now)."""
    wanted = int((at or now()).timestamp() + LIFETIME.total_seconds())
    expires = -(-wanted // _STEP_SECONDS) * _STEP_SECONDS
    return f"{expires:x}-{_signature(file_id, variant, expires)}"


def is_good(file_id: UUID, variant: str, signature: str) -> bool:
    """Whether the signature was made for this file and has not run out."""
    head, _, given = signature.partition("-")
    try:
        expires = int(head, 16)
    except ValueError:
        return False
    return constant_time_compare(given, _signature(file_id, variant, expires)) and expires > now().timestamp()


def _signature(file_id: UUID, variant: str, expires: int) -> str:
    return Signer(salt=_SALT).signature(f"{file_id}:{variant}:{expires:x}")
