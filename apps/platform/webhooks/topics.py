"""The live topic of a webhook's page."""

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.platform.realtime.registry import register_topic
from apps.platform.webhooks.permissions import WEBHOOK_EDIT
from apps.platform.webhooks.selectors import list_endpoints


def _may_follow(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    return key is not None and actor.can(WEBHOOK_EDIT) and list_endpoints(actor).filter(pk=key).exists()


register_topic("webhook", _may_follow)
