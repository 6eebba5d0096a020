"""The words of the socket: what both sides say, as JSON text frames. docs/apps/realtime.md describes them."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

PATH = "/ws/"
PING_SECONDS = 25.0
RECHECK_SECONDS = 60.0
MAX_MESSAGE = 4096
MAX_TOPIC = 200
MAX_TOPICS = 100
MAX_REFUSALS = 50
QUEUE_SIZE = 256


class CloseCode:
    GOING_AWAY = 1001
    TRY_LATER = 1013
    BAD_MESSAGE = 4000
    SESSION_ENDED = 4001
    TOO_SLOW = 4008


class ErrorCode:
    REFUSED = "refused"
    REVOKED = "revoked"
    TOO_MANY = "too_many_topics"
    BAD_MESSAGE = "bad_message"
    BAD_TOKEN = "bad_token"  # noqa: S105 - the name of an error


@dataclass(frozen=True, slots=True)
class Asked:
    """One message of a client, checked in shape."""

    type: str
    topic: str = ""
    last: int = -1
    epoch: str = ""
    token: str = ""
    organization: str = ""
    branch: str = ""


def parse(text: str | None) -> Asked | None:
    """The client's message, or None when it is none that this side understands."""
    if not text or len(text) > MAX_MESSAGE:
        return None
    try:
        message = json.loads(text)
    except ValueError:
        return None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return None
    return _build(message)


def _build(message: dict[str, Any]) -> Asked | None:
    last = message.get("last")
    last = last if isinstance(last, int) and not isinstance(last, bool) and last >= 0 else -1
    words = {key: _word(message, key) for key in ("topic", "epoch", "token", "organization", "branch")}
    if len(words["topic"]) > MAX_TOPIC:
        return None
    return Asked(type=message["type"], last=last, **words)


def _word(message: dict[str, Any], key: str) -> str:
    value = message.get(key)
    return value if isinstance(value, str) else ""


def subscribed(topic: str, number: int, epoch: str) -> str:
    return _dump({"type": "subscribed", "topic": topic, "number": number, "epoch": epoch})


def reset(topic: str, number: int, epoch: str) -> str:
    return _dump({"type": "reset", "topic": topic, "number": number, "epoch": epoch})


def error(topic: str, code: str) -> str:
    return _dump({"type": "error", "topic": topic, "code": code})


@lru_cache(256)
def event(topic: str, number: int, epoch: str, body: str) -> str:
    """`body` is the kept JSON object `{"event": …, "data": …}`; its members join the frame's as they are."""
    head = _dump({"type": "event", "topic": topic, "number": number, "epoch": epoch})
    return f"{head[:-1]},{body[1:]}"


PING = '{"type":"ping"}'
AUTHENTICATED = '{"type":"authenticated"}'


def _dump(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
