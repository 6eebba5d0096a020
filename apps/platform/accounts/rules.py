"""Pure decisions about log-ins: how long failures make one wait, and what a device is called."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
FREE_TRIES = 3
LOCK_AFTER = 10
ADDRESS_LIMIT = 60


def calculate_wait(failures: Sequence[datetime], moment: datetime) -> int:
    """Seconds until the next try of one account from one address, by its failures in the last 15 minutes.

    Three failures are free, then 2, 4, 8 … seconds after each, and from the tenth on 15 minutes.
    """
    if len(failures) < FREE_TRIES:
        return 0
    delay = WINDOW if len(failures) >= LOCK_AFTER else timedelta(seconds=2 ** (len(failures) - FREE_TRIES + 1))
    return _seconds_left(max(failures) + delay, moment)


def calculate_address_wait(count: int, oldest: datetime | None, moment: datetime) -> int:
    """Seconds until an address may try again at all: no more than 60 failures in 15 minutes, whatever the accounts."""
    if count < ADDRESS_LIMIT or oldest is None:
        return 0
    return _seconds_left(oldest + WINDOW, moment)


def _seconds_left(until: datetime, moment: datetime) -> int:
    seconds = (until - moment).total_seconds()
    return max(0, int(seconds) + (seconds > int(seconds)))


def describe_device(agent: str) -> str:
    """`Chrome, Android`: words that let people recognise their device in the list of sessions."""
    browsers = ("Edg", "OPR", "Firefox", "CriOS", "Chrome", "Safari", "okhttp", "Dart")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    names = {"Edg": "Edge", "OPR": "Opera", "CriOS": "Chrome", "Mac OS": "macOS", "okhttp": "App", "Dart": "App"}
    found = [next((word for word in words if word in agent), "") for words in (browsers, systems)]
    return ", ".join(names.get(word, word) for word in found if word)
