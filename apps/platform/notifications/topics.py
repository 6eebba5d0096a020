"""The live topic of the bell."""

from django.conf import settings

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.platform.notifications.models import BulkSend
from apps.platform.notifications.permissions import NOTIFICATION_SEND
from apps.platform.realtime.registry import register_topic


def _own_stream(actor: Actor, topic_id: str) -> str | None:
    if topic_id and topic_id != str(actor.user_id):
        return None
    return f"notifications:{actor.user_id}"


def _own_bulk_send(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    if key is None or not actor.can(NOTIFICATION_SEND):
        return False
    return BulkSend.objects.visible_to(actor).filter(pk=key).exists()


def _own_bulk_sends(actor: Actor, topic_id: str) -> bool:
    return actor.can(NOTIFICATION_SEND) and topic_id == str(actor.organization_id)


register_topic("bulk-send", _own_bulk_send)
register_topic("bulk-sends", _own_bulk_sends)
register_topic("notifications", follows=_own_stream)
register_topic("inbox", lambda actor, topic_id: settings.DEMO and not topic_id, is_open=True)
