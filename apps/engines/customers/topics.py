"""Live topics of customers."""

from apps.core.actor import Actor
from apps.platform.realtime.registry import register_topic


def _works_there(actor: Actor, topic_id: str) -> bool:
    return actor.can("customer.view") and topic_id == str(actor.organization_id)


register_topic("customers", _works_there)
