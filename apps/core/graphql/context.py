"""What every resolver knows."""

from dataclasses import dataclass
from typing import Any

from apps.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Context:
    """`user` is the person of the request, as the log-in found them."""

    actor: Actor
    user: Any


def actor_of(info: Any) -> Actor:
    """Who asks."""
    actor: Actor = info.context.actor
    return actor
