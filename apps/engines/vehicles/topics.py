"""Live topics of vehicles."""

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.engines.vehicles.models import Vehicle
from apps.platform.realtime.registry import register_topic


def _sees_vehicle(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    return key is not None and actor.can("vehicle.view") and Vehicle.objects.visible_to(actor).filter(pk=key).exists()


register_topic("vehicle", _sees_vehicle)
