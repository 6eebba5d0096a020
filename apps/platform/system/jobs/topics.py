"""The live topic of a job: for the person who started it and for platform staff."""

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.platform.realtime.registry import register_topic
from apps.platform.system.models import JobRun


def may_follow(actor: Actor, topic_id: str) -> bool:
    key = parse_id(topic_id)
    return key is not None and JobRun.objects.visible_to(actor).filter(pk=key).exists()


register_topic("job", may_follow)
