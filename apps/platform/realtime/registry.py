"""Topics: who may follow them, and which stream they show."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.core.actor import Actor

Check = Callable[[Actor, str], bool]
Follow = Callable[[Actor, str], str | None]


@dataclass(frozen=True, slots=True)
class TopicKind:
    name: str
    check: Check | None
    follows: Follow | None
    is_open: bool

    def stream_for(self, actor: Actor, topic_id: str) -> str | None:
        """The stream to follow, or None when the actor may not."""
        if not self.is_open and not actor.is_authenticated:
            return None
        if self.check is not None and not self.check(actor, topic_id):
            return None
        if self.follows is not None:
            return self.follows(actor, topic_id)
        return f"{self.name}:{topic_id}" if topic_id else self.name


TOPICS: dict[str, TopicKind] = {}


def register_topic(
    name: str, check: Check | None = None, *, follows: Follow | None = None, is_open: bool | None = None
) -> None:
    """Declares topics `name:<id>`. `check(actor, id)` says who may follow; it reads the database, never writes.

    `follows(actor, id)` names the stream behind the topic when it is another one (`estimate-link:<token>` shows the
    stream of the estimate that the token opens), or None to refuse. Open topics are for people who are not logged in
    too; by default those are the ones whose name ends with `-link`, whose id is a secret. Raises ValueError for a
    name taken twice and for a topic that nobody guards.
    """
    if check is None and follows is None:
        raise ValueError(f"topic {name} needs a check")
    if name in TOPICS:
        raise ValueError(f"two topics are called {name}")
    TOPICS[name] = TopicKind(name, check, follows, name.endswith("-link") if is_open is None else is_open)


def find_stream(actor: Actor, topic: str) -> str | None:
    """The stream that `topic` shows this actor; None for an unknown topic and for one that they may not follow."""
    name, _, topic_id = topic.partition(":")
    kind = TOPICS.get(name)
    return kind.stream_for(actor, topic_id) if kind else None
