"""Telling sockets: events to topics, and who has lost the right to listen."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError

from apps.platform.realtime import streams

logger = logging.getLogger(__name__)


def broadcast(topic: str, name: str, data: Mapping[str, Any], *, event_uid: str = "") -> int:
    """Sends an event to everybody who follows `topic`; returns its number in the topic.

    `data` carries ids and states only: never prices or names, since followers may differ in rights. With `event_uid`
    a second call for the same event does nothing and returns 0. Raises redis.RedisError when Redis is away.
    """
    return streams.append(topic, streams.encode_body(name, data), event_uid=event_uid)


def revoke_session(session_id: UUID | str) -> None:
    """Cuts off every socket of an ended session, at once. Call after commit. Without Redis it takes up to a minute."""
    _announce(f"session:{session_id}")


def revoke_user(user_id: UUID | str) -> None:
    """Has the rights of every socket of a user checked anew, at once. Call after commit. Without Redis: a minute."""
    _announce(f"user:{user_id}")


def check_everybody() -> None:
    """Has the rights of every socket checked anew, at once. Call after commit. Without Redis it takes up to a minute."""
    _announce("all:")


def _announce(message: str) -> None:
    try:
        streams.client().publish(streams.revocation_channel(), message)
    except RedisError as error:
        logger.warning("sockets not told of %s: %s", message, error)
