"""Identifiers: UUID version 7 (RFC 9562), so that rows sort by the time they were made."""

import secrets
import time
import uuid
from datetime import datetime


def uuid7() -> uuid.UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, 12 bits of the fraction of the millisecond, 62 random bits.

    The fraction (RFC 9562, method 3) keeps ids that one process makes one after the other in their order.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (nanoseconds << 12) // 1_000_000 << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)


def first_id_at(moment: datetime) -> uuid.UUID:
    """The smallest id that a row made at the moment may have: a period is a range of ids, found by their index."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds & (1 << 48) - 1) << 80)


def parse_id(text: object) -> uuid.UUID | None:
    """The UUID that `text` spells, or None: an id that cannot exist is simply not found."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
