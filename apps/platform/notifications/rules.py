"""Pure decisions: when somebody is not to be disturbed, what an SMS costs, which receipt is news."""

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# GSM 03.38: the basic alphabet, and the extension whose letters take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("^{}\\[~]|€\f")
# What stands in one message, and in each part of a longer one.
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67
# A longer text is refused by the telephone companies.
MOST_SEGMENTS = 6

# A receipt counts only when it tells more than is known: telephone networks report in any order.
_NEWS = {"queued": 0, "sent": 1, "failed": 2, "delivered": 3}


@dataclass(frozen=True, slots=True)
class SmsSize:
    """`letters` in the alphabet that the text needs, `segments` messages that are paid for."""

    letters: int
    segments: int
    is_unicode: bool


def measure_sms(text: str) -> SmsSize:
    """How many messages a text takes: 160/153 letters of GSM-7, 70/67 with any other letter (3GPP TS 23.038)."""
    if all(letter in _GSM or letter in _GSM_EXTENSION for letter in text):
        letters = sum(2 if letter in _GSM_EXTENSION else 1 for letter in text)
        return SmsSize(letters, _segments(letters, GSM_ALONE, GSM_PART), is_unicode=False)
    letters = len(text.encode("utf-16-be")) // 2
    return SmsSize(letters, _segments(letters, UCS2_ALONE, UCS2_PART), is_unicode=True)


def _segments(letters: int, alone: int, part: int) -> int:
    return 1 if letters <= alone else math.ceil(letters / part)


def end_of_quiet(begins: time, ends: time, *, zone: str, at: datetime) -> datetime | None:
    """When the quiet hours that hold at this moment end; None when none hold. They may go over midnight."""
    local = at.astimezone(ZoneInfo(zone))
    clock = local.time().replace(tzinfo=None)
    holds = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not holds:
        return None
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=local.tzinfo)


def is_news(known: str, reported: str) -> bool:
    """Whether a receipt moves a delivery on: never back, and nothing after `delivered`."""
    return known in _NEWS and reported in _NEWS and _NEWS[reported] > _NEWS[known]
