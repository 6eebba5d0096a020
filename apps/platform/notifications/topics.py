"""The live topic of the bell."""

from django.conf import settings

from apps.core.actor import Actor
from apps.platform.realtime.registry import register_topic


def _own_stream(actor: Actor, topic_id: str) -> str | None:
    if topic_id and topic_id != str(actor.user_id):
        return None
    return f"notifications:{actor.user_id}"


register_topic("notifications", follows=_own_stream)
register_topic("inbox", lambda actor, topic_id: settings.DEMO and not topic_id, is_open=True)
